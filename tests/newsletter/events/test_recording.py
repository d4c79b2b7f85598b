"""Reports are recorded once, and what follows from them follows once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from newsletter.events import record
from newsletter.issues.stepping import lock
from newsletter.message import Cause, Event, EventType
from newsletter.models import Batch, BatchState, DeliveryException, StoredEvent
from subscribers import store
from subscribers.address import parse
from subscribers.database import Database
from subscribers.models import Consent, Subscriber, Suppression
from tests.factories import NOON
from tests.newsletter.events.rows import LINKS, report, send, truth
from tests.newsletter.house import address, until_somebody_waits


def take(database: Database, *events: Event) -> int:
    with database.begin() as session:
        return record(session, LINKS, events, now=NOON)


def suppressed(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {row.email_key: row.reason for row in session.scalars(select(Suppression))}


def count(database: Database, row: Any) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def test_a_report_that_comes_46_times_is_one(database: Database) -> None:
    """# WH-4: in one post and in many."""
    send(database, 1)
    delivered = report(EventType.DELIVERED, 1)
    assert take(database, *[delivered] * 23) == 1
    assert [take(database, delivered) for _ in range(23)] == [0] * 23
    assert count(database, StoredEvent) == 1


def test_the_same_name_from_another_source_is_another_report(database: Database) -> None:
    send(database, 1)
    one = report(EventType.DELIVERED, 1, name="a")
    assert take(database, one, Event("other", "a", one.type, one.at, one.token)) == 2


@pytest.mark.parametrize(
    "token", ["", "rubbish", LINKS.seal_batch(1, 1, 1), LINKS.seal_delivery(9, 9), "é" * 22]
)
def test_what_names_no_delivery_is_kept_and_nothing_follows(database: Database, token: str) -> None:
    """# WH-6"""
    send(database, 1)
    strange = Event("test", "x", EventType.COMPLAINED, NOON, token, "who knows")
    assert take(database, strange) == 1
    assert truth(database)["events"] == {("x", "complained", None, None, "")}
    assert suppressed(database) == {}


def test_a_dead_address_is_suppressed_at_once(database: Database) -> None:
    """# WH-9"""
    send(database, 2)
    take(database, report(EventType.BOUNCED, 1, cause=Cause.ADDRESS))
    assert suppressed(database) == {address(1): "bounced"}


@pytest.mark.parametrize("cause", [Cause.BLOCK, Cause.NONE])
def test_a_block_is_not_the_persons_fault_however_often(database: Database, cause: Cause) -> None:
    """# WH-9"""
    send(database, 1, issues_=4)
    take(
        database,
        *[report(EventType.BOUNCED, 1, issue=number, cause=cause) for number in range(1, 5)],
    )
    assert suppressed(database) == {}


@pytest.mark.parametrize("cause", [Cause.MAILBOX, Cause.UNCLEAR])
def test_who_is_away_for_three_issues_in_a_row_is_mailed_no_more(
    database: Database, cause: Cause
) -> None:
    """# WH-9"""
    send(database, 2, issues_=4)
    away = [report(EventType.BOUNCED, 1, issue=number, cause=cause) for number in (1, 2, 4)]
    take(database, *away)
    assert suppressed(database) == {}
    take(database, report(EventType.BOUNCED, 1, issue=3, cause=cause))
    assert suppressed(database) == {address(1): "bounced"}


def test_an_issue_that_was_never_tried_neither_counts_nor_breaks_the_row(
    database: Database,
) -> None:
    send(database, 1, issues_=4)
    with database.begin() as session:
        session.add(DeliveryException(issue_id=3, subscriber_id=1, state="skipped", at=NOON))
    away = [report(EventType.BOUNCED, 1, issue=number, cause=Cause.MAILBOX) for number in (1, 2, 4)]
    take(database, *away)
    assert suppressed(database) == {address(1): "bounced"}


def test_whoever_was_let_in_again_starts_anew(database: Database) -> None:
    send(database, 1, issues_=5)
    away = [
        report(EventType.BOUNCED, 1, issue=number, cause=Cause.MAILBOX) for number in range(1, 6)
    ]
    take(database, *away[:3])
    with database.begin() as session:
        store.unsuppress(
            session, address(1), reason="emptied it", now=NOON + timedelta(days=3, hours=1)
        )
    take(database, *away[3:])
    assert suppressed(database) == {}


@pytest.mark.parametrize("cause", [Cause.ADDRESS, Cause.MAILBOX])
def test_whoever_has_a_new_address_is_not_held_to_what_became_of_the_old(
    database: Database, cause: Cause
) -> None:
    send(database, 1, issues_=5)
    with database.begin() as session:
        person = session.get_one(Subscriber, 1)
        moved = NOON + timedelta(days=3, hours=1)
        store.correct_address(session, person, parse("new@readers.example"), now=moved)
        visit = store.Visit(actor="admin", via="admin")
        store.note_change(session, person, "name, address", visit=visit, now=moved)
    old = [report(EventType.BOUNCED, 1, issue=number, cause=cause) for number in (1, 2, 3)]
    take(database, *old)
    assert suppressed(database) == {}
    new = [report(EventType.BOUNCED, 1, issue=number, cause=cause) for number in (4, 5)]
    take(database, *new)
    assert suppressed(database) == (
        {"new@readers.example": "bounced"} if cause is Cause.ADDRESS else {}
    )


def test_a_complaint_leaves_the_list_and_is_suppressed(database: Database) -> None:
    send(database, 2)
    complaint = report(EventType.COMPLAINED, 1, detail="abuse")
    take(database, complaint)
    take(database, complaint, report(EventType.COMPLAINED, 1, name="once more"))
    assert suppressed(database) == {address(1): "complained"}
    assert truth(database)["left"] == {1}
    with database.read() as session:
        kinds = session.scalars(select(Consent.kind).where(Consent.subscriber_id == 1)).all()
    assert kinds == ["left"]


def test_a_complaint_weighs_more_than_a_bounce_whichever_came_first(database: Database) -> None:
    send(database, 2)
    bounce, complaint = EventType.BOUNCED, EventType.COMPLAINED
    take(database, report(bounce, 1, cause=Cause.ADDRESS), report(complaint, 1))
    take(database, report(complaint, 2), report(bounce, 2, cause=Cause.ADDRESS))
    assert suppressed(database) == {address(1): "complained", address(2): "complained"}


@pytest.mark.parametrize(
    ("cause", "reason", "left"),
    [
        (Cause.ADDRESS, "bounced", False),
        (Cause.COMPLAINT, "complained", True),
        (Cause.GOODBYE, None, True),
        (Cause.BLOCK, None, False),
        (Cause.UNCLEAR, None, False),
    ],
)
def test_what_the_provider_dropped_says_why(
    database: Database, cause: Cause, reason: str | None, left: bool
) -> None:
    send(database, 1)
    take(database, report(EventType.REJECTED, 1, cause=cause))
    assert suppressed(database) == ({address(1): reason} if reason else {})
    assert truth(database)["left"] == ({1} if left else set())


def test_a_goodbye_at_the_provider_leaves_this_list(database: Database) -> None:
    send(database, 1)
    take(database, report(EventType.UNSUBSCRIBED, 1))
    assert truth(database)["left"] == {1}
    assert suppressed(database) == {}


def test_an_erased_person_is_not_suppressed_and_nothing_breaks(database: Database) -> None:
    send(database, 1)
    with database.begin() as session:
        store.erase(session, session.get_one(Subscriber, 1), actor="admin", now=NOON)
        before = session.scalar(select(func.count()).select_from(Suppression))
    take(
        database, report(EventType.BOUNCED, 1, cause=Cause.ADDRESS), report(EventType.COMPLAINED, 1)
    )
    assert count(database, Suppression) == before


@pytest.mark.parametrize(
    "kind", [EventType.PROCESSED, EventType.BOUNCED, EventType.REJECTED, EventType.OPENED]
)
def test_any_word_on_a_mail_in_doubt_settles_it(database: Database, kind: EventType) -> None:
    send(database, 2, state=BatchState.IN_DOUBT)
    take(database, report(kind, 1))
    assert truth(database)["batches"] == {(1, "in_doubt")}
    take(database, report(EventType.PROCESSED, 2))
    assert truth(database)["batches"] == {(1, "submitted")}
    with database.read() as session:
        assert session.scalars(select(Batch.state)).all() == ["submitted"]


def test_who_settles_by_a_report_takes_the_issue_before_its_batches(database: Database) -> None:
    """As who mails the silent again, settles or sweeps: nobody waits for each other."""
    send(database, 2, state=BatchState.IN_DOUBT)
    with ThreadPoolExecutor(1) as others:
        with database.begin() as session:
            lock(session, 1)
            reading = others.submit(take, database, report(EventType.PROCESSED, 1))
            until_somebody_waits(database)
            session.execute(select(Batch.batch_no).with_for_update(nowait=True)).all()
        assert reading.result() == 1
    assert truth(database)["batches"] == {(1, "in_doubt")}
    take(database, report(EventType.PROCESSED, 2))
    assert truth(database)["batches"] == {(1, "submitted")}


def test_reports_on_others_wait_for_nobody_while_one_is_in_doubt(database: Database) -> None:
    send(database, 2, state=BatchState.IN_DOUBT)
    take(database, report(EventType.PROCESSED, 1))
    if database.is_sqlite:
        return
    with database.begin() as session:
        lock(session, 1)
        session.execute(select(Batch.batch_no).with_for_update()).all()
        assert take(database, report(EventType.DELIVERED, 1)) == 1


@pytest.mark.parametrize("days", [-400, 400])
def test_a_report_from_elsewhen_is_kept_as_of_now(database: Database, days: int) -> None:
    send(database, 1)
    take(database, report(EventType.DELIVERED, 1, at=NOON + timedelta(days=days)))
    with database.read() as session:
        assert session.scalars(select(StoredEvent.at)).all() == [NOON]
