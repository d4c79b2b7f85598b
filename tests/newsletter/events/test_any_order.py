"""Whatever the order, however often: the state is that of the reports sorted, each once (WH-5).

With BROADSHEET_LONG=1 the last test takes a million reports.
"""

import os
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.events import record
from newsletter.message import Cause, Event, EventType
from newsletter.models import BatchState, Issue
from newsletter.reports.retention import figures_of
from subscribers.database import Database
from tests.factories import NOON
from tests.newsletter.events.rows import LINKS, report, send, truth

PEOPLE, ISSUES = 4, 5
LONG = "BROADSHEET_LONG" in os.environ
CAUSES = {EventType.BOUNCED: list(Cause), EventType.REJECTED: list(Cause)}
EVENTS = st.builds(
    lambda kind, cause, person, issue: report(
        kind, person, issue=issue, cause=cause if kind in CAUSES else Cause.NONE
    ),
    st.sampled_from(EventType),
    st.sampled_from(Cause),
    st.integers(1, PEOPLE),
    st.integers(1, ISSUES),
)


def state_after(
    database: Database, posts: Sequence[Sequence[Event]], **more: Any
) -> dict[str, Any]:
    """Read posts one after the other and return what is true then; the database is as before."""
    with database.engine.connect() as connection:
        # What a property leaves behind must not be found by the next example.
        before = {
            name: connection.execute(sa.text(f"SELECT * FROM {name}")).all()  # noqa: S608
            for name in TABLES
        }
    for post in posts:
        with database.begin() as session:
            record(session, LINKS, post, now=NOON)
    found = truth(database)
    with database.begin() as session:
        connection = session.connection()
        for name in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608
        for name in reversed(TABLES):
            for row in before[name]:
                marks = ", ".join("?" * len(row))
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({marks})", tuple(row))  # noqa: S608
    return found


TABLES = (
    "event",
    "consent",
    "subscription",
    "suppression",
    "delivery_exception",
    "delivery",
    "batch",
    "issue_step",
)


def test_shuffled_and_doubled_reports_end_where_sorted_ones_end(sqlite_url: str) -> None:
    """# WH-5: on random sets of reports, orders, repetitions and posts."""
    database = Database(sqlite_url)
    send(database, PEOPLE, issues_=ISSUES)

    @settings(
        max_examples=2_000 if LONG else 15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(EVENTS, max_size=24), st.randoms(use_true_random=False))
    def same(events: list[Event], chance: random.Random) -> None:
        unique = sorted(
            {event.source_id: event for event in events}.values(), key=lambda one: one.source_id
        )
        many = events + chance.choices(events, k=len(events)) if events else []
        chance.shuffle(many)
        cut = chance.randint(0, len(many))
        assert state_after(database, [many[:cut], many[cut:]]) == state_after(database, [unique])

    same()
    database.close()


@pytest.mark.timeout(14_400 if LONG else 300)
def test_a_large_shuffled_feed_with_doubles_and_late_news_ends_in_the_same_state(
    database: Database, migrated_file: Path, tmp_path: Path
) -> None:
    """RULES T9, its long form: 1,000,000 reports on both databases."""
    people = 20_000 if LONG else 36
    feed = [
        event
        for person in range(1, people + 1)
        for issue in range(1, ISSUES + 1)
        for event in _life(person, issue)
    ]
    chance = random.Random(6)  # noqa: S311 (the same feed each time)
    shuffled = feed + chance.choices(feed, k=max(1_000_000 - len(feed), 0) if LONG else 300)
    # A provider that was not answered repeats itself.
    shuffled += 46 * chance.sample(feed, 12)
    chance.shuffle(shuffled)
    another = Database(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'other.db')}")
    databases = [database, another]
    for one, events in zip(databases, (shuffled, feed), strict=True):
        send(one, people, issues_=ISSUES, state=BatchState.SUBMITTED)
        for at in range(0, len(events), 1_000):
            with one.begin() as session:
                record(session, LINKS, events[at : at + 1_000], now=NOON)
    assert truth(databases[0]) == truth(databases[1])
    assert figures(databases[0]) == figures(databases[1])
    another.close()


def figures(database: Database) -> list[dict[str, Any]]:
    """Return what the reports of all issues are made of."""
    with database.read() as session:
        rows = session.scalars(sa.select(Issue).order_by(Issue.id)).all()
        return [figures_of(session, one).plain() for one in rows]


def _life(person: int, issue: int) -> list[Event]:
    """Return what is reported of one mail, by how its reader is numbered."""
    kinds: dict[int, list[tuple[EventType, Cause]]] = {
        0: [(EventType.BOUNCED, Cause.MAILBOX)],
        1: [(EventType.DELIVERED, Cause.NONE), (EventType.COMPLAINED, Cause.NONE)],
        2: [(EventType.BOUNCED, Cause.ADDRESS), (EventType.COMPLAINED, Cause.NONE)],
        3: [(EventType.DELIVERED, Cause.NONE), (EventType.UNSUBSCRIBED, Cause.NONE)],
        4: [(EventType.BOUNCED, Cause.BLOCK)],
    }
    told = kinds.get((person + issue * (person % 2)) % 9, [(EventType.DELIVERED, Cause.NONE)])
    first = (EventType.PROCESSED, Cause.NONE)
    return [report(kind, person, issue=issue, cause=cause) for kind, cause in (first, *told)]
