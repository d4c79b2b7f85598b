"""Reports are kept one by one for 90 days; the figures stay, and erased people are in none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from newsletter.issues import pack_closed
from newsletter.message import Cause, EventType
from newsletter.models import EventPost, HitSegment, Issue, IssueFigures, StoredEvent, Tally
from newsletter.reports import as_plain, forget_person, roll_up
from subscribers import store
from subscribers.database import AWAY, Database
from subscribers.models import Subscriber, Suppression
from tests.factories import DAY, NOON, make_list
from tests.newsletter.reports.rows import (
    hit,
    named,
    november,
    readers,
    report_of,
    send_issue,
    told,
)

OLD = NOON + timedelta(days=91)


def rows(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (StoredEvent, Tally, EventPost, IssueFigures, HitSegment)
        }


def seen(database: Database) -> dict[str, Any]:
    """Return the report of November as a program reads it, but for how the list is doing."""
    found = as_plain(report_of(database, "november"))
    return {name: value for name, value in found.items() if name != "growth"}


def test_the_figures_of_an_old_issue_are_the_same_and_its_reports_are_gone(
    database: Database,
) -> None:
    with database.begin() as session:
        issue, people = november(session)
        named(session, issue, people[0], 1, "person", at=NOON + timedelta(hours=5))
        named(session, issue, people[0], 0, "machine")
    before = seen(database)
    assert roll_up(database, now=NOON + timedelta(days=89)) == 0
    assert roll_up(database, now=OLD) == 1
    assert roll_up(database, now=OLD + DAY) == 0
    assert seen(database) == before
    # What bounced, and why, stays: three issues in a row count.
    assert rows(database) == {
        "event": 2,
        "tally": 0,
        "event_post": 0,
        "issue_figures": 1,
        "hit_segment": 0,
    }
    with database.read() as session:
        assert {row.detail for row in session.scalars(select(StoredEvent))} == {""}


def test_what_comes_later_is_added_and_taken_in_too(database: Database) -> None:
    with database.begin() as session:
        november(session)
    roll_up(database, now=OLD)
    before = seen(database)
    with database.begin() as session:
        issue = session.scalars(select(Issue)).one()
        hit(session, issue, 3, "person", 2, hour=OLD)
        person = session.scalars(select(Subscriber.id)).all()[-1]
        told(session, issue, [person], EventType.COMPLAINED, at=OLD + DAY)
    after = seen(database)
    assert after["clicks"]["person"] == before["clicks"]["person"] + 2
    assert after["complained"] == before["complained"] + 1
    assert roll_up(database, now=OLD + 2 * DAY) == 1
    assert seen(database) == after


def test_the_figures_are_the_same_once_the_deliveries_are_packed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.issues.packing.WORTH_IT", 1)
    with database.begin() as session:
        november(session)
    before = seen(database)
    roll_up(database, now=OLD)
    assert pack_closed(database, now=OLD) == 20
    assert seen(database) == before


def test_who_leaves_or_reads_after_90_days_had_the_mail_only_once(database: Database) -> None:
    with database.begin() as session:
        issue, people = november(session)
        issue.click_tracking = "individual"
        named(session, issue, people[0], 1, "person")
    roll_up(database, now=OLD)
    before = seen(database)
    with database.begin() as session:
        issue = session.scalars(select(Issue)).one()
        told(session, issue, people[:3], EventType.UNSUBSCRIBED, at=OLD + DAY)
        named(session, issue, people[0], 1, "person", at=OLD + DAY)
    for _ in range(2):
        after = seen(database)
        for name in ("submitted", "delivered", "silent", "people"):
            assert after[name] == before[name]
        assert after["unsubscribed"] == before["unsubscribed"] + 3
        assert after["clicks"]["person"] == before["clicks"]["person"] + 1
        assert all(one["delivered"] <= one["submitted"] for one in after["domains"])
        roll_up(database, now=OLD + 2 * DAY)


def test_who_complains_after_they_were_erased_had_the_mail_only_once(database: Database) -> None:
    with database.begin() as session:
        issue, people = november(session)
    before = seen(database)
    with database.begin() as session:
        store.erase(session, session.get_one(Subscriber, people[0]), actor="admin", now=NOON + DAY)
        forget_person(session, people[0])
        issue = session.scalars(select(Issue)).one()
        told(session, issue, people[:1], EventType.COMPLAINED, at=NOON + 2 * DAY)
    for _ in range(2):
        after = seen(database)
        assert (after["delivered"], after["silent"]) == (before["delivered"], before["silent"])
        assert after["complained"] == before["complained"] + 1
        roll_up(database, now=NOON + 3 * DAY)


def test_what_was_taken_before_and_read_after_the_figures_is_in_them_too(
    database: Database,
) -> None:
    """A post bears the moment at which it was taken; reading a backlog takes a while."""
    with database.begin() as session:
        _, people = november(session)
    roll_up(database, now=OLD)
    before = seen(database)
    with database.begin() as session:
        issue = session.scalars(select(Issue)).one()
        told(session, issue, people[:1], EventType.COMPLAINED, at=OLD - timedelta(seconds=2))
    for _ in range(2):
        assert seen(database)["complained"] == before["complained"] + 1
        roll_up(database, now=OLD + timedelta(minutes=1))
    assert rows(database)["event"] == 2


def test_three_bounces_in_a_row_count_though_the_first_is_half_a_year_old(
    database: Database,
) -> None:
    """# WH-9: a list with an issue each quarter."""
    with database.begin() as session:
        list_ = make_list(session)
        (ada,) = readers(session, list_, 1)
        for quarter in range(2):
            at = NOON + quarter * timedelta(days=92)
            issue = send_issue(session, list_, [ada], key=f"q{quarter}", at=at)
            told(session, issue, [ada], EventType.BOUNCED, cause=Cause.MAILBOX, at=at)
    third = NOON + timedelta(days=190)
    roll_up(database, now=third)
    with database.begin() as session:
        issue = send_issue(session, list_, [ada], key="q2", at=third)
        told(session, issue, [ada], EventType.BOUNCED, cause=Cause.MAILBOX, at=third)
        assert session.scalars(select(Suppression.reason)).all() == ["bounced"]


def test_who_is_erased_is_in_the_figures_and_in_no_report(database: Database) -> None:
    with database.begin() as session:
        issue, people = november(session)
        named(session, issue, people[8], 1, "person")
    before = seen(database)
    with database.begin() as session:
        ada = session.get_one(Subscriber, people[8])
        store.erase(session, ada, actor="admin", now=NOON)
        forget_person(session, ada.id)
    after = seen(database)
    for name in ("submitted", "delivered", "complained", "clicks", "reasons", "over_time"):
        assert after[name] == before[name]
    with database.read() as session:
        left = select(StoredEvent).where(StoredEvent.subscriber_id == people[8])
        assert session.scalars(left).all() == []
    roll_up(database, now=OLD)
    assert seen(database) == after


def test_what_is_reported_of_the_erased_later_goes_too(database: Database) -> None:
    with database.begin() as session:
        issue, people = november(session)
        ada = session.get_one(Subscriber, people[19])
        store.erase(session, ada, actor="admin", now=NOON)
        forget_person(session, ada.id)
        told(session, issue, [ada.id], EventType.DELIVERED, at=NOON + DAY)
    before = seen(database)
    roll_up(database, now=NOON + DAY)
    assert seen(database) == before
    with database.read() as session:
        assert (
            session.scalar(select(StoredEvent.id).where(StoredEvent.subscriber_id == ada.id))
            is None
        )


@pytest.mark.parametrize("days", [89, 91])
def test_what_names_no_issue_and_what_could_not_be_read_go_after_90_days(
    database: Database, days: int
) -> None:
    with database.begin() as session:
        lost = {"source": "test", "source_id": "1", "type": "unknown", "at": NOON}
        session.add(StoredEvent(**lost, received_at=NOON))
        session.add(EventPost(source="sendgrid", body=b"no", received_at=NOON, error="no array"))
    roll_up(database, now=NOON + timedelta(days=days))
    found = rows(database)
    assert (found["event"], found["event_post"]) == ((1, 1) if days < 90 else (0, 0))


@pytest.mark.parametrize("days", [89, 91])
def test_how_far_a_segment_of_hits_was_read_is_forgotten_after_90_days(
    database: Database, days: int
) -> None:
    with database.begin() as session:
        session.add(HitSegment(name="0123456789abcdef-000001", offset=99, at=NOON))
    roll_up(database, now=NOON + timedelta(days=days))
    assert rows(database)["hit_segment"] == (1 if days < 90 else 0)


def test_several_workers_at_once_take_an_issue_in_once(database: Database) -> None:
    with database.begin() as session:
        november(session)
    before = seen(database)
    with ThreadPoolExecutor(4) as workers:
        done = [workers.submit(roll_up, database, now=OLD) for _ in range(4)]
    # Whoever comes a moment too late is told to try again, which a worker does.
    assert all(isinstance(one.exception(), (*AWAY, type(None))) for one in done)
    assert any(one.exception() is None for one in done)
    assert seen(database) == before
