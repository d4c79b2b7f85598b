"""Acknowledgements of many threads in few transactions."""

import threading
from datetime import UTC, datetime

import pytest

from newsletter import issues
from newsletter.dispatcher import scribe
from newsletter.dispatcher.claim import Claim
from newsletter.dispatcher.fence import LeaseLost
from newsletter.dispatcher.scribe import Note, Scribe
from newsletter.models import Issue
from subscribers.database import Database
from tests.newsletter.house import NOON, Make, add_people, claimed, schedule, start

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
THREADS, NOTES = 4, 8


def test_each_of_many_who_write_at_once_has_their_own_answer(database: Database) -> None:
    one = Scribe(database)
    lost = []
    together = threading.Barrier(THREADS)

    def work(number: int) -> None:
        with one.sending():
            together.wait(20)
            for _ in range(NOTES):
                try:
                    one.write(Note(Claim(1, number, 1, "nobody"), b""), NOW)
                except LeaseLost:
                    lost.append(number)

    threads = [
        threading.Thread(target=work, args=(number,), daemon=True) for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert sorted(lost) == sorted(list(range(THREADS)) * NOTES)


def test_of_two_issues_on_their_way_the_paused_one_is_told_whoever_looked(
    house: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lanes are at two issues, and only one of their notes is written when it is looked."""
    monkeypatch.setattr(scribe, "LOOK_SECONDS", 3600.0)
    app, _ = house(stepwise=True)
    list_id = add_people(app, 2)
    first = schedule(app, list_id, key="first")
    start(app)
    second = schedule(app, list_id, key="second")
    start(app)
    by_issue = {one.claim.issue_id: one.claim for one in (claimed(app, "a"), claimed(app, "b"))}
    one = Scribe(app.database)
    with one.sending():
        assert one.write(Note(by_issue[first], b"\1"), NOON)
        with app.database.begin() as session:
            issues.pause(session, session.get_one(Issue, first), who="editor", now=NOON)
        monkeypatch.setattr(scribe, "LOOK_SECONDS", 0.0)
        assert one.write(Note(by_issue[second], b"\1"), NOON)
        monkeypatch.setattr(scribe, "LOOK_SECONDS", 3600.0)
        assert not one.write(Note(by_issue[first], b"\3"), NOON)


def test_nobody_who_sends_no_more_keeps_a_connection(database: Database) -> None:
    one = Scribe(database)
    with one.sending(), pytest.raises(LeaseLost):
        one.write(Note(Claim(1, 1, 1, "nobody"), b""), NOW)
    with pytest.raises(LeaseLost):
        one.write(Note(Claim(1, 1, 1, "nobody"), b""), NOW)
    assert database.engine.pool.status().endswith("Current Checked out connections: 0")
