"""Suppressions: nobody mails such an address, whoever asks, until somebody says why."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.address import parse, parse_domain
from subscribers.errors import NotFound, SubscriberError
from subscribers.models import Consent, List, SuppressionReason
from tests.factories import ADMIN, NOON, READER, make_list, make_request, make_subscriber

ANN = parse("Ann@Example.com")


def test_who_is_suppressed_is_mailed_by_no_list(session: Session, monthly: List) -> None:
    weekly = make_list(session, "weekly")
    for list_ in (monthly, weekly):
        make_subscriber(session, list_, ANN.email)
    store.suppress(session, ANN.key, SuppressionReason.COMPLAINED, now=NOON)
    assert store.is_suppressed(session, ANN.key)
    assert [store.count_audience(session, list_.id) for list_ in (monthly, weekly)] == [0, 0]


def test_a_suppression_can_come_before_the_person(session: Session, monthly: List) -> None:
    store.suppress(session, ANN.key, SuppressionReason.MANUAL, now=NOON)
    make_subscriber(session, monthly, ANN.email)
    assert store.count_audience(session, monthly.id) == 0


def test_the_first_reason_stays(session: Session) -> None:
    store.suppress(session, "bob@example.com", SuppressionReason.ERASED, now=NOON)
    store.suppress(session, ANN.key, SuppressionReason.COMPLAINED, detail="abuse", now=NOON)
    again = store.suppress(session, ANN.key, SuppressionReason.BOUNCED, detail="550", now=NOON)
    assert (again.reason, again.detail) == ("complained", "abuse")


def test_another_address_is_not_suppressed_with_it(session: Session, monthly: List) -> None:
    store.suppress(session, ANN.key, SuppressionReason.BOUNCED, now=NOON)
    make_subscriber(session, monthly, "ann@example.org")
    assert store.count_audience(session, monthly.id) == 1


def test_an_open_request_confirmed_while_suppressed_mails_nobody(
    session: Session, monthly: List
) -> None:
    _, request = make_request(session, monthly, ANN.email)
    store.suppress(session, ANN.key, SuppressionReason.BOUNCED, now=NOON)
    store.confirm(session, request.id, visit=READER, now=NOON)
    assert store.count_audience(session, monthly.id) == 0


def test_an_admin_who_adds_a_suppressed_address_mails_nobody(
    session: Session, monthly: List
) -> None:
    store.suppress(session, ANN.key, SuppressionReason.BOUNCED, now=NOON)
    store.add(session, monthly, ANN, visit=ADMIN, now=NOON)
    assert store.count_audience(session, monthly.id) == 0


def test_single_opt_in_joins_no_suppressed_address(session: Session) -> None:
    club = make_list(session, "club", opt_in="single")
    store.suppress(session, ANN.key, SuppressionReason.MANUAL, now=NOON)
    store.sign_up(session, club, ANN, visit=READER, now=NOON)
    store.unsuppress(session, ANN.key, reason="asked by letter", now=NOON)
    assert store.count_audience(session, club.id) == 0


def test_a_suppression_taken_away_leaves_its_reason_on_every_list(
    session: Session, monthly: List
) -> None:
    weekly = make_list(session, "weekly")
    ann = make_subscriber(session, monthly, ANN.email)
    make_subscriber(session, weekly, ANN.email)
    make_subscriber(session, monthly, "bob@example.com")
    store.suppress(session, ANN.key, SuppressionReason.BOUNCED, now=NOON)
    store.unsuppress(session, ANN.key, reason="the mailbox is back", now=NOON)
    assert not store.is_suppressed(session, ANN.key)
    assert store.count_audience(session, monthly.id) == 2
    lines = session.scalars(select(Consent).where(Consent.kind == "unsuppressed")).all()
    assert {line.list_id for line in lines} == {monthly.id, weekly.id}
    assert [(line.subscriber_id, line.actor, line.source) for line in lines] == 2 * [
        (ann.id, "admin", "the mailbox is back")
    ]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_a_suppression_stays(session: Session, reason: str) -> None:
    store.suppress(session, ANN.key, SuppressionReason.MANUAL, now=NOON)
    with pytest.raises(SubscriberError, match="needs a reason"):
        store.unsuppress(session, ANN.key, reason=reason, now=NOON)
    assert store.is_suppressed(session, ANN.key)


def test_what_is_not_suppressed_cannot_be_freed(session: Session, monthly: List) -> None:
    make_subscriber(session, monthly, ANN.email)
    with pytest.raises(NotFound, match=ANN.key):
        store.unsuppress(session, ANN.key, reason="why not", now=NOON)
    assert session.scalars(select(Consent.kind)).all() == ["added"]


def test_taking_a_suppression_away_brings_back_nobody_who_left(
    session: Session, monthly: List
) -> None:
    person = make_subscriber(session, monthly, ANN.email)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOON)
    store.suppress(session, ANN.key, SuppressionReason.BOUNCED, now=NOON)
    store.unsuppress(session, ANN.key, reason="the mailbox is back", now=NOON)
    assert store.count_audience(session, monthly.id) == 0


def test_a_whole_domain_is_mailed_by_nobody(session: Session, monthly: List) -> None:
    for address in ("ann@example.com", "bob@mail.example.com", "cy@notexample.com"):
        make_subscriber(session, monthly, address)

    store.suppress(session, "@example.com", SuppressionReason.MANUAL, now=NOON)

    names = [one.email for one in store.sample_audience(session, monthly.id)]
    assert names == ["bob@mail.example.com", "cy@notexample.com"]
    assert store.is_suppressed(session, "new@example.com")
    assert "anybody at example.com" in store.story(session, "ann@example.com")[-1]


def test_a_domain_is_let_go_with_a_trace_on_its_people(session: Session, monthly: List) -> None:
    make_subscriber(session, monthly, ANN.email)
    store.suppress(session, "@example.com", SuppressionReason.MANUAL, now=NOON)
    with pytest.raises(NotFound, match="not suppressed") as refused:
        store.unsuppress(session, ANN.key, reason="moved", now=NOON)
    assert "all of @example.com" in refused.value.mend

    store.unsuppress(session, "@example.com", reason="moved", now=NOON)

    assert store.count_audience(session, monthly.id) == 1
    assert session.scalars(select(Consent.source).where(Consent.kind == "unsuppressed")).all() == [
        "moved"
    ]


def test_who_was_erased_cannot_be_let_go_by_an_admin(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly, ANN.email)
    store.erase(session, person, actor="self", now=NOON)

    with pytest.raises(NotFound, match="everything erased here") as refused:
        store.unsuppress(session, ANN.key, reason="by phone", now=NOON)

    assert "sign up themselves" in refused.value.mend


def test_a_domain_is_read_in_any_spelling() -> None:
    assert parse_domain("Straße.de") == parse_domain("@xn--strae-oqa.de") == "@xn--strae-oqa.de"
