"""The worker of one machine: one process sends, others follow, and it stops when asked."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from newsletter import letters
from newsletter.app import App
from newsletter.app.file_lock import FileLock
from newsletter.issues import Progress
from newsletter.message import Envelope, SendResult
from newsletter.models import DeliveryState, Letter, LetterBody, LetterKind
from newsletter.worker import crew
from newsletter.worker.local import run
from newsletter.worker.seen import beat, lock_of, worker_alive, workers
from newsletter.worker.tick import tick
from subscribers.database import now
from subscribers.models import List, Subscriber
from tests.newsletter.house import NOON, add_people, open_house, progress, schedule, state, those
from tests.newsletter.receiver import SUBMITTED, Receiver


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "book")


@pytest.fixture
def app(database_url: str, tmp_path: Path, receiver: Receiver) -> Iterator[App]:
    opened = open_house(database_url, tmp_path, receiver, batch_size=10)
    yield opened
    opened.database.close()


def test_a_tick_starts_what_is_due_and_sends_a_batch(app: App) -> None:
    issue = schedule(app, add_people(app, 25), now=now())
    assert tick(app)
    assert progress(app, issue).submitted == 10
    assert tick(app)
    assert tick(app)
    assert state(app, issue) == "sent"
    assert not tick(app)


def test_until_idle_ends_with_everybody_mailed_and_tells_how_far_it_is(
    app: App, receiver: Receiver
) -> None:
    issue = schedule(app, add_people(app, 25), now=now())
    told: list[tuple[int, Progress]] = []
    run(app, until_idle=True, threads=2, on_progress=lambda *seen: told.append(seen))
    assert sum(receiver.book().values()) == 25
    assert told[-1] == (issue, Progress(25, 0, 0, 25, 0, 0, 0))


def test_until_idle_does_not_wait_for_a_schedule_or_a_person(app: App) -> None:
    schedule(app, add_people(app, 5), now=now(), at=now() + timedelta(days=1))
    run(app, until_idle=True)


def test_a_stop_ends_after_the_call_in_flight_and_the_rest_stays_pending(
    app: App, receiver: Receiver
) -> None:
    """R-3."""
    issue = schedule(app, add_people(app, 25), now=now())
    stop = threading.Event()

    def answer(envelope: Envelope) -> SendResult:
        stop.set()
        return SUBMITTED

    receiver.answer = answer
    run(app, stop=stop)
    assert progress(app, issue) == Progress(25, 15, 0, 10, 0, 0, 0)
    run(app, until_idle=True)
    assert set(receiver.book().values()) == {1}
    assert state(app, issue) == "sent"


def test_a_letter_keeps_its_lease_while_its_call_takes_long(
    app: App, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "RENEW_SECONDS", 0.01)
    add_people(app, 1)
    with app.database.begin() as session:
        list_, person = session.get_one(List, 1), session.get_one(Subscriber, 1)
        session.execute(insert(LetterBody).values(hash="body", subject="s", html="h", text="t"))
        letters.write(session, LetterKind.WELCOME, list_, person, "body", now=now())

    def lease() -> datetime | None:
        with app.database.read() as session:
            return session.scalar(select(Letter.lease_until))

    seen = []

    def answer(envelope: Envelope) -> SendResult:
        first, tries = lease(), 0
        while lease() == first and tries < 1000:
            tries += 1
            threading.Event().wait(0.005)
        seen.append(lease() != first)
        return SUBMITTED

    receiver.answer = answer
    run(app, until_idle=True)
    assert seen == [True]


def test_a_process_that_sends_says_so_while_it_does(app: App, receiver: Receiver) -> None:
    schedule(app, add_people(app, 1), now=now())
    seen = []

    def answer(envelope: Envelope) -> SendResult:
        with app.database.read() as session:
            seen.append(worker_alive(app, session, now()))
        return SUBMITTED

    receiver.answer = answer
    run(app, until_idle=True)
    assert seen == [True]
    with app.database.read() as session:
        assert not worker_alive(app, session, now())


def test_a_worker_that_was_silent_for_a_minute_is_not_alive(app: App) -> None:
    with app.database.begin() as session:
        beat(session, "quiet", NOON)
        beat(session, "quiet", NOON)
        assert workers(session, NOON + timedelta(seconds=59)) == ["quiet"]
        assert not worker_alive(app, session, NOON + timedelta(seconds=61))
        beat(session, "other", NOON + timedelta(days=2))
        assert workers(session, NOON) == ["other"]


def test_the_death_of_a_worker_on_sqlite_is_known_at_once(app: App) -> None:
    """Its last word is seconds old, and nobody holds its lock any more."""
    lock = lock_of(app)
    with app.database.begin() as session:
        beat(session, "just now", NOON)
        if lock:
            lock.acquire("just now")
        assert worker_alive(app, session, NOON)
        if lock:
            lock.release()
        assert worker_alive(app, session, NOON) is (lock is None)


def test_a_second_process_on_sqlite_follows_and_takes_over_when_the_first_ends(
    tmp_path: Path,
) -> None:
    receiver = Receiver(tmp_path / "book")
    app = open_house(f"sqlite:///{tmp_path / 'newsletter.db'}", tmp_path, receiver, batch_size=10)
    first = FileLock(tmp_path / ".newsletter" / "newsletter.db.worker.lock")
    (tmp_path / ".newsletter").mkdir(exist_ok=True)
    assert first.acquire("the first")
    issue = schedule(app, add_people(app, 5), now=now())
    told = []

    def follow(name: str) -> None:
        told.append((name, state(app, issue)))
        first.release()

    run(app, until_idle=True, on_follow=follow)
    assert told == [("the first", "scheduled")]
    assert state(app, issue) == "sent"
    app.database.close()


def test_a_process_that_only_follows_stops_when_it_is_asked(tmp_path: Path) -> None:
    receiver = Receiver(tmp_path / "book")
    app = open_house(f"sqlite:///{tmp_path / 'newsletter.db'}", tmp_path, receiver)
    first = FileLock(tmp_path / ".newsletter" / "newsletter.db.worker.lock")
    (tmp_path / ".newsletter").mkdir(exist_ok=True)
    first.acquire("the first")
    schedule(app, add_people(app, 5), now=now())
    stop = threading.Event()
    run(app, stop=stop, on_follow=lambda _: stop.set())
    assert receiver.calls == []
    first.release()
    app.database.close()


def test_what_a_thread_dies_of_ends_the_worker_and_is_told(app: App, receiver: Receiver) -> None:
    issue = schedule(app, add_people(app, 5), now=now())

    def answer(envelope: Envelope) -> SendResult:
        raise KeyboardInterrupt

    receiver.answer = answer
    with pytest.raises(KeyboardInterrupt):
        run(app)
    assert progress(app, issue).sending == 5
    assert those(app, issue, DeliveryState.SUBMITTED) == []


def test_a_quota_that_was_raised_counts_from_the_next_worker_on(
    database_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    poor, rich = (
        open_house(database_url, tmp_path, receiver, daily_quota=quota) for quota in (10, 1000)
    )
    issue = schedule(poor, add_people(poor, 25), now=now())
    while tick(poor):
        pass
    assert progress(poor, issue).pending == 16
    stop = threading.Event()
    patience = threading.Timer(20, stop.set)
    patience.start()
    run(rich, until_idle=True, stop=stop)
    patience.cancel()
    assert state(rich, issue) == "sent"
    for app in (poor, rich):
        app.database.close()
