"""A fleet on PostgreSQL: jobs are written in our transactions, and the ledger needs none of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from newsletter import dispatcher, jobs, schema
from newsletter.app import App
from newsletter.errors import SettingsError
from newsletter.issues import Progress
from newsletter.message import Envelope, SendResult
from newsletter.models import Batch, Issue, Letter, LetterBody, LetterKind
from newsletter.slots import hole, slot
from newsletter.worker.fleet import run
from subscribers.database import now
from subscribers.models import List
from tests.newsletter.house import (
    NOON,
    add_people,
    address,
    open_house,
    progress,
    schedule,
    start,
    state,
    subscriber_id,
)
from tests.newsletter.receiver import SUBMITTED, Receiver


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "book")


@pytest.fixture
def app(migrated_postgres_url: str, tmp_path: Path, receiver: Receiver) -> Iterator[App]:
    opened = open_house(migrated_postgres_url, tmp_path, receiver, batch_size=10)
    yield opened
    opened.database.close()


def waiting(app: App) -> list[dict[str, Any]]:
    """Return what the jobs are about that nobody has begun."""
    of_ours = text(
        "SELECT args FROM procrastinate_jobs"
        " WHERE status = 'todo' AND queue_name = :queue ORDER BY id"
    )
    with app.database.read() as session:
        return list(session.scalars(of_ours, {"queue": jobs.QUEUE}))


def freeze_and(app: App, announce: dispatcher.Announce) -> None:
    dispatcher.start_due(app.database, size=10, who="worker", now=NOON, announce=announce)


def enqueue(app: App) -> None:
    with app.database.begin() as session:
        jobs.enqueue(session)


def test_an_issue_and_its_jobs_are_written_in_one_transaction(app: App) -> None:
    issue = schedule(app, add_people(app, 25))
    freeze_and(app, jobs.enqueue)
    assert waiting(app) == [{"issue_id": issue, "batch_no": number} for number in (1, 2, 3)]


def test_an_issue_that_is_not_frozen_leaves_no_job(app: App) -> None:
    issue = schedule(app, add_people(app, 25))

    def fail(session: Any) -> None:
        jobs.enqueue(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        freeze_and(app, fail)
    assert (waiting(app), state(app, issue)) == ([], "scheduled")


def test_a_job_that_was_lost_is_written_again_and_no_job_twice(app: App) -> None:
    schedule(app, add_people(app, 25))
    freeze_and(app, jobs.enqueue)
    with app.database.begin() as session:
        session.execute(text("DELETE FROM procrastinate_jobs WHERE args->>'batch_no' = '2'"))
    enqueue(app)
    enqueue(app)
    assert sorted(one["batch_no"] for one in waiting(app)) == [1, 2, 3]


def test_only_what_may_go_now_has_a_job(app: App) -> None:
    issue = schedule(app, add_people(app, 45))
    start(app)
    with app.database.begin() as session:
        of = update(Batch).where(Batch.issue_id == issue)
        session.execute(of.where(Batch.batch_no == 1).values(state="submitted"))
        session.execute(of.where(Batch.batch_no == 2).values(not_before=now() + timedelta(days=1)))
        session.execute(of.where(Batch.batch_no == 3).values(wave=2))
    enqueue(app)
    assert [one["batch_no"] for one in waiting(app)] == [4, 5]
    with app.database.begin() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
        session.execute(update(Issue).values(state="paused"))
    enqueue(app)
    assert waiting(app) == []


def test_what_a_dead_worker_had_begun_is_forgotten(app: App) -> None:
    schedule(app, add_people(app, 25))
    freeze_and(app, jobs.enqueue)
    with app.database.begin() as session:
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        jobs.forget_orphans(session)
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0


def test_a_fleet_of_one_sends_everything_and_leaves_no_job(app: App, receiver: Receiver) -> None:
    issue = schedule(app, add_people(app, 95), now=now())
    run(app, until_idle=True, threads=3)
    assert receiver.book() == {address(number): 1 for number in range(1, 96)}
    assert state(app, issue) == "sent"
    assert waiting(app) == []


def test_a_stop_ends_after_the_calls_in_flight_and_the_rest_stays_pending(
    app: App, receiver: Receiver
) -> None:
    """R-3."""
    issue = schedule(app, add_people(app, 25), now=now())
    stop = threading.Event()

    def answer(envelope: Envelope) -> SendResult:
        stop.set()
        return SUBMITTED

    receiver.answer = answer
    run(app, threads=1, stop=stop)
    assert progress(app, issue) == Progress(25, 15, 0, 10, 0, 0, 0)


def test_letters_never_wait_behind_an_issue(app: App, receiver: Receiver) -> None:
    """Every lane is held by an issue until a letter has gone."""
    schedule(app, add_people(app, 25), now=now())
    wrote = threading.Event()

    def answer(envelope: Envelope) -> SendResult:
        if "link" in envelope.values:
            wrote.set()
        else:
            write_a_letter(app)
            assert wrote.wait(60)
        return SUBMITTED

    receiver.answer = answer
    run(app, until_idle=True, threads=2)
    assert wrote.is_set()


def write_a_letter(app: App) -> None:
    reader = subscriber_id(app, 1)
    with app.database.begin() as session:
        if session.scalar(select(LetterBody.hash)) is not None:
            return
        session.execute(
            insert(LetterBody).values(
                hash="body", subject="Hello", html=slot("letter"), text=hole("name")
            )
        )
        session.execute(
            insert(Letter).values(
                kind=LetterKind.WELCOME,
                list_id=session.scalar(select(List.id)),
                subscriber_id=reader,
                body="body",
                created_at=now(),
            )
        )


def test_what_a_lane_dies_of_ends_the_worker_and_is_told(app: App, receiver: Receiver) -> None:
    schedule(app, add_people(app, 5), now=now())

    def answer(envelope: Envelope) -> SendResult:
        raise KeyboardInterrupt

    receiver.answer = answer
    with pytest.raises(KeyboardInterrupt):
        run(app, threads=1)


def test_a_fleet_on_sqlite_is_refused_with_what_helps(
    sqlite_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    app = open_house(sqlite_url, tmp_path, receiver)
    with pytest.raises(SettingsError, match="a fleet needs PostgreSQL") as told:
        run(app)
    assert "postgresql+psycopg://" in told.value.mend
    app.database.close()


@contextmanager
def comment(app: App, words: str) -> Iterator[None]:
    """Let the tables of jobs say that they are at another migration."""
    with app.database.read() as session:
        before = jobs.version(session.connection())
    say = "COMMENT ON TABLE procrastinate_jobs IS "
    with app.database.begin() as session:
        session.connection().exec_driver_sql(f"{say}'{words}'")
    yield
    with app.database.begin() as session:
        session.connection().exec_driver_sql(f"{say}'{before}'")


def test_jobs_of_an_older_library_are_refused_with_what_helps(app: App) -> None:
    with (
        comment(app, "03.00.00_01_pre_cancel_notification.sql"),
        pytest.raises(SettingsError, match="are old") as told,
    ):
        run(app)
    assert told.value.mend == "newsletter db upgrade"


def test_a_database_without_jobs_is_refused_until_its_upgrade_makes_them(
    postgres_url: str, tmp_path: Path, receiver: Receiver
) -> None:
    schema.upgrade(postgres_url)
    app = open_house(postgres_url, tmp_path, receiver)
    with app.database.begin() as session:
        session.execute(text("ALTER TABLE procrastinate_jobs RENAME TO others"))
    with pytest.raises(SettingsError, match="are missing"):
        run(app)
    with app.database.begin() as session:
        session.execute(text("ALTER TABLE others RENAME TO procrastinate_jobs"))
    schema.upgrade(postgres_url)
    run(app, until_idle=True)
    app.database.close()
