"""What the store says about an address, and who may be mailed."""

from datetime import timedelta

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.errors import NotFound, SubscriberError
from subscribers.models import Consent, List, Suppression, SuppressionReason
from tests.factories import NOON, READER, make_list, make_request, make_subscriber

HOUR = timedelta(hours=1)


def test_a_story_is_told_in_plain_words_the_oldest_first(session: Session, monthly: List) -> None:
    person, request = make_request(session, monthly, "Ann@example.com")
    store.confirm(session, request.id, visit=store.Visit(via="button"), now=NOON + HOUR)
    store.unsubscribe(
        session, monthly.id, person.id, visit=store.Visit(via="one-click"), now=NOON + 2 * HOUR
    )
    store.suppress(
        session, "ann@example.com", SuppressionReason.BOUNCED, detail="550 no such user", now=NOON
    )
    wording = "“Send me the digest once a month.”"
    assert store.story(session, "ann@example.com") == [
        "2026-11-24 12:00 UTC: asked to join The Monthly Ledger by the form"
        f" — {wording} (https://example.org/news/).",
        f"2026-11-24 13:00 UTC: confirmed The Monthly Ledger by button — {wording}.",
        "2026-11-24 14:00 UTC: left The Monthly Ledger by one click in a mail program.",
        "Now: unsubscribed on The Monthly Ledger.",
        "Suppressed since 2026-11-24 12:00 UTC: bounced (550 no such user)."
        " Nothing is mailed to it.",
    ]


def test_of_a_stranger_nothing_is_told(session: Session) -> None:
    assert store.story(session, "x@example.com") == ["x@example.com is not known here."]


def test_every_kind_of_evidence_has_its_sentence(session: Session, monthly: List) -> None:
    from subscribers.evidence import SENTENCES
    from subscribers.models import ConsentKind

    assert set(SENTENCES) == set(ConsentKind)


def test_a_story_names_a_door_by_words_and_not_by_its_name_in_a_row(
    session: Session, monthly: List
) -> None:
    from subscribers.evidence import WAYS

    person = make_subscriber(session, monthly)
    for via in WAYS:
        visit = store.Visit(via=via)
        store.note_change(session, person, "name", visit=visit, now=NOON)
    told = store.story(session, person.email_key or "")[-len(WAYS) - 1 : -1]
    for via, line in zip(WAYS, told, strict=True):
        assert f"knows{WAYS[via]} (name)." in line


def test_the_audience_is_one_statement_of_who_is_active_and_not_suppressed(
    session: Session, monthly: List
) -> None:
    assert isinstance(store.audience(monthly.id), Select)
    active = make_subscriber(session, monthly)
    make_request(session, monthly)
    for act in (store.pause, store.unsubscribe):
        person = make_subscriber(session, monthly)
        act(session, monthly.id, person.id, visit=READER, now=NOON)
    make_subscriber(session, monthly, "spam@example.com")
    store.suppress(session, "spam@example.com", SuppressionReason.COMPLAINED, now=NOON)
    erased = make_subscriber(session, monthly)
    erased.email = erased.email_key = None
    make_subscriber(session, make_list(session, "weekly"))
    assert session.scalars(store.audience(monthly.id)).all() == [active.id]
    assert store.count_audience(session, monthly.id) == 1


def test_the_first_reason_of_a_suppression_stays(session: Session) -> None:
    first = store.suppress(session, "a@example.com", SuppressionReason.COMPLAINED, now=NOON)
    again = store.suppress(session, "a@example.com", SuppressionReason.MANUAL, now=NOON + HOUR)
    assert again.id == first.id
    assert again.reason == "complained"
    assert store.is_suppressed(session, "a@example.com")
    assert not store.is_suppressed(session, "b@example.com")


def test_taking_a_suppression_away_needs_a_reason_and_leaves_a_trace(
    session: Session, monthly: List
) -> None:
    person = make_subscriber(session, monthly, "a@example.com")
    store.suppress(session, "a@example.com", SuppressionReason.BOUNCED, now=NOON)
    with pytest.raises(SubscriberError, match="reason"):
        store.unsuppress(session, "a@example.com", reason=" ", now=NOON)
    store.unsuppress(session, "a@example.com", reason="her server is back", now=NOON)
    assert session.scalars(select(Suppression)).all() == []
    lines = select(Consent.kind, Consent.source).where(Consent.subscriber_id == person.id)
    assert ("unsuppressed", "her server is back") in [tuple(row) for row in session.execute(lines)]
    with pytest.raises(NotFound):
        store.unsuppress(session, "a@example.com", reason="again", now=NOON)


def test_people_are_found_by_how_their_address_begins(session: Session, monthly: List) -> None:
    for email in ("Ann@example.com", "anna@example.com", "bob@example.com"):
        make_subscriber(session, monthly, email)
    assert {one.email for one in store.search(session, "ANN", limit=9)} == {
        "Ann@example.com",
        "anna@example.com",
    }
    assert len(store.search(session, "a", limit=1)) == 1
    assert store.search(session, "zoe", limit=9) == []


def test_people_are_found_by_the_address_as_the_listing_writes_it(
    session: Session, monthly: List
) -> None:
    make_subscriber(session, monthly, "ann@bücher.example")
    for typed in ("ann@bücher.example", "Ann@BÜCHER.example", "ann@xn--bch"):
        assert len(store.search(session, typed, limit=9)) == 1


def test_of_somebody_erased_only_that_is_told(session: Session, monthly: List) -> None:
    person = make_subscriber(session, monthly, "ann@example.com")
    store.erase(session, person, actor="self", now=NOON)

    assert store.story(session, "ann@example.com") == [
        "Erased on 2026-11-24 12:00 UTC."
        " Nothing is mailed to it, unless its owner signs up again and confirms."
    ]
