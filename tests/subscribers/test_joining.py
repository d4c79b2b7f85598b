"""Journey B: asking, confirming, and what a form can and cannot do to somebody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.address import parse
from subscribers.errors import LinkSpent, NotFound
from subscribers.models import Consent, List, SuppressionReason
from tests.factories import (
    NOW,
    READER,
    evidence_of,
    make_list,
    make_request,
    make_subscriber,
    subscription_of,
)

DAY = timedelta(hours=24)
ANN = parse("Ann@Example.com")


def mailed(session: Session, list_: List) -> list[int]:
    return list(session.scalars(store.audience(list_.id)))


def test_who_asks_is_pending_until_the_request_is_confirmed(
    session: Session, monthly: List
) -> None:
    signed = store.sign_up(session, monthly, ANN, visit=READER, now=NOW)
    assert signed
    assert signed.request
    assert subscription_of(session, monthly, signed.subscriber).state == "pending"
    assert mailed(session, monthly) == []
    store.confirm(session, signed.request.id, visit=READER, now=NOW + DAY)
    assert subscription_of(session, monthly, signed.subscriber).state == "active"
    assert subscription_of(session, monthly, signed.subscriber).joined_at == NOW + DAY
    assert mailed(session, monthly) == [signed.subscriber.id]
    assert evidence_of(session, signed.subscriber.id) == ["asked", "confirmed"]


def test_the_address_is_kept_as_typed_and_found_by_its_key(session: Session, monthly: List) -> None:
    store.sign_up(session, monthly, ANN, visit=READER, now=NOW)
    found = store.find(session, "ann@example.com")
    assert found
    assert found.email == "Ann@Example.com"


def test_confirming_twice_is_harmless(session: Session, monthly: List) -> None:
    person, request = make_request(session, monthly)
    store.confirm(session, request.id, visit=READER, now=NOW)
    store.confirm(session, request.id, visit=READER, now=NOW + DAY)
    assert subscription_of(session, monthly, person).joined_at == NOW
    assert evidence_of(session, person.id) == ["asked", "confirmed"]


def test_an_old_link_cannot_undo_a_later_goodbye(session: Session, monthly: List) -> None:
    """The token names the request (DESIGN §3 B)."""
    person, request = make_request(session, monthly)
    store.confirm(session, request.id, visit=READER, now=NOW)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    with pytest.raises(LinkSpent):
        store.confirm(session, request.id, visit=READER, now=NOW + DAY)
    assert mailed(session, monthly) == []


def test_a_newer_request_spends_the_older_link(session: Session, monthly: List) -> None:
    person, older = make_request(session, monthly, "ann@example.com")
    _, newer = make_request(session, monthly, "ann@example.com", now=NOW + DAY)
    with pytest.raises(LinkSpent):
        store.confirm(session, older.id, visit=READER, now=NOW + DAY)
    store.confirm(session, newer.id, visit=READER, now=NOW + DAY)
    assert subscription_of(session, monthly, person).state == "active"


def test_a_line_that_is_no_request_confirms_nothing(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly)
    (line,) = session.scalars(select(Consent.id).where(Consent.subscriber_id == person.id))
    for number in (line, 987_654):
        with pytest.raises(NotFound):
            store.confirm(session, number, visit=READER, now=NOW)


def test_who_is_on_the_list_gets_no_letter(session: Session, monthly: List) -> None:
    """# S-1"""
    person = make_subscriber(session, monthly, ANN.email)
    signed = store.sign_up(session, monthly, ANN, visit=READER, now=NOW)
    assert signed is None
    assert evidence_of(session, person.id) == ["added"]


def test_a_suppressed_address_gets_no_letter(session: Session, monthly: List) -> None:
    store.suppress(session, ANN.key, SuppressionReason.BOUNCED, now=NOW)
    assert store.sign_up(session, monthly, ANN, visit=READER, now=NOW) is None


@pytest.mark.parametrize("key", [ANN.key, "@example.com"])
def test_who_was_erased_gets_no_letter_where_it_is_suppressed_besides(
    session: Session, monthly: List, key: str
) -> None:
    person = make_subscriber(session, monthly, ANN.email)
    store.erase(session, person, actor="self", now=NOW)
    store.suppress(session, key, SuppressionReason.MANUAL, now=NOW)
    assert store.sign_up(session, monthly, ANN, visit=READER, now=NOW) is None
    store.unsuppress(session, key, reason="a mistake", now=NOW)
    assert store.sign_up(session, monthly, ANN, visit=READER, now=NOW)


def test_an_address_gets_one_letter_a_day_on_all_lists_together(
    session: Session, monthly: List
) -> None:
    """# S-2"""
    weekly = make_list(session, "weekly")
    make_request(session, monthly, ANN.email)
    almost = NOW + DAY - timedelta(seconds=1)
    for list_ in (monthly, weekly):
        assert store.sign_up(session, list_, ANN, visit=READER, now=almost) is None
    assert store.sign_up(session, weekly, ANN, visit=READER, now=NOW + DAY)


def test_an_address_that_never_answers_gets_three_letters_ever(
    session: Session, monthly: List
) -> None:
    """# S-2"""
    for number in range(3):
        make_request(session, monthly, ANN.email, now=NOW + number * DAY)
    for later in (3, 400):
        signed = store.sign_up(session, monthly, ANN, visit=READER, now=NOW + later * DAY)
        assert signed is None


def test_who_answered_once_may_ask_again(session: Session, monthly: List) -> None:
    for number in range(3):
        person, request = make_request(session, monthly, ANN.email, now=NOW + number * DAY)
    store.confirm(session, request.id, visit=READER, now=NOW + 3 * DAY)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW + 3 * DAY)
    assert store.sign_up(session, monthly, ANN, visit=READER, now=NOW + 3 * DAY)


def test_a_list_with_single_opt_in_takes_people_at_once(session: Session) -> None:
    club = make_list(session, "club", opt_in="single")
    signed = store.sign_up(session, club, ANN, visit=READER, now=NOW)
    assert signed
    assert signed.request is None
    assert mailed(session, club) == [signed.subscriber.id]
    assert evidence_of(session, signed.subscriber.id) == ["confirmed"]


def test_joining_a_list_with_single_opt_in_spends_no_letter(session: Session) -> None:
    club = make_list(session, "club", opt_in="single")
    store.sign_up(session, club, ANN, visit=READER, now=NOW)
    assert store.sign_up(session, make_list(session, "weekly"), ANN, visit=READER, now=NOW)


def test_evidence_shows_the_wording_that_was_agreed_to(session: Session, monthly: List) -> None:
    _, request = make_request(session, monthly)
    assert request.wording == "Send me the digest once a month."
    assert request.wording_version == 1
    store.edit_list(session, monthly, consent_wording="Send me everything.")
    _, later = make_request(session, monthly)
    assert (later.wording, later.wording_version) == ("Send me everything.", 2)


def test_a_confirmation_is_of_the_words_that_were_shown_before_it(
    session: Session, monthly: List
) -> None:
    person, request = make_request(session, monthly)
    store.edit_list(session, monthly, consent_wording="Send me everything.")
    store.confirm(session, request.id, visit=READER, now=NOW + DAY)
    asked, confirmed = session.scalars(
        select(Consent).where(Consent.subscriber_id == person.id).order_by(Consent.id)
    )
    assert (confirmed.wording, confirmed.wording_version) == (asked.wording, asked.wording_version)


def test_a_list_without_words_of_its_own_keeps_ours(session: Session) -> None:
    plain = make_list(session, "plain", consent_wording="")
    _, request = make_request(session, plain)
    expected = "We keep your address to send you The Monthly Ledger, and for nothing else."
    assert request.wording == expected


def test_an_undone_goodbye_claims_no_wording_that_nobody_saw(
    session: Session, monthly: List
) -> None:
    person = make_subscriber(session, monthly)
    store.unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    store.undo_unsubscribe(session, monthly.id, person.id, visit=READER, now=NOW)
    line = session.scalars(select(Consent).where(Consent.kind == "came_back")).one()
    assert (line.wording, line.wording_version) == ("", None)


def test_evidence_of_an_admin_claims_no_wording_that_nobody_saw(
    session: Session, monthly: List
) -> None:
    person = make_subscriber(session, monthly)
    line = session.scalars(select(Consent).where(Consent.subscriber_id == person.id)).one()
    assert (line.wording, line.wording_version) == ("", None)
    assert line.source == "said yes at the fair"


@pytest.mark.parametrize(
    ("ip", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("testclient", ""),
    ],
)
def test_evidence_names_a_network_and_no_machine(
    session: Session, monthly: List, ip: str, kept: str
) -> None:
    visit = store.Visit(ip=ip, user_agent="x" * 900)
    signed = store.sign_up(session, monthly, ANN, visit=visit, now=NOW)
    assert signed
    assert signed.request
    assert signed.request.ip == kept
    assert len(signed.request.user_agent) == 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann \r\n  Lee ", "Ann Lee"),
        ("J.R. Smith", "J.R. Smith"),
        ("Dr.med. Ünal, O'Hara-Łukasz", "Dr.med. Ünal, O'Hara-Łukasz"),
        ("a" * 300, "a" * 100),
        ("win at https://evil.example/", ""),
        ("see www.evil.example", ""),
        ("evil.example/now", ""),
        ("write me@evil.example", ""),
        ("\u202eeelA", "eelA"),
        ("M\ufffdller", ""),
    ],
)
def test_a_name_is_one_short_line_without_links(
    session: Session, monthly: List, typed: str, kept: str
) -> None:
    """# S-4"""
    signed = store.sign_up(session, monthly, ANN, visit=READER, now=NOW, name=typed)
    assert signed
    assert signed.subscriber.name == kept


def test_a_stranger_cannot_rename_somebody(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly, ANN.email, name="Ann")
    weekly = make_list(session, "weekly")
    assert store.sign_up(session, weekly, ANN, visit=READER, now=NOW, name="Buy now")
    assert person.name == "Ann"
