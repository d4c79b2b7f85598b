"""Races for batches: whatever runs at once or dies, nobody is mailed twice and nobody is lost."""

import os
import signal
from datetime import timedelta
from pathlib import Path
from tempfile import mkstemp

import pytest
from sqlalchemy import update

from newsletter import issues
from newsletter.app import App
from newsletter.errors import IssueError
from newsletter.models import Batch, DeliveryState, Issue
from newsletter.worker.local import run
from subscribers.database import now
from tests import forks
from tests.newsletter.house import (
    add_people,
    address,
    open_house,
    progress,
    schedule,
    state,
    those,
    write_draft,
)
from tests.newsletter.receiver import Receiver
from tests.races import worker_process

PEOPLE = 800
FEWER = 400
EVERYBODY = {address(number): 1 for number in range(1, PEOPLE + 1)}


def house(
    url: str, folder: Path, *, how: str = "stepwise", people: int = PEOPLE
) -> tuple[App, Receiver, int]:
    receiver = Receiver(folder / "book", stepwise=how == "stepwise")
    app = open_house(url, folder, receiver, batch_size=50)
    return app, receiver, schedule(app, add_people(app, people), now=now())


class Worker:
    """A process that sends, and what it says when it fails."""

    def __init__(self, url: str, folder: Path, threads: int, how: str, kill_at: int = 0) -> None:
        said, name = mkstemp(dir=folder)
        self._said = Path(name)
        self._process = forks.start(
            worker_process.main, url, folder, threads, how, kill_at, out=said, err=said
        )
        os.close(said)

    def end(self, code: int = 0) -> None:
        """Wait for its end."""
        self._process.join(2 * worker_process.WEDGED_SECONDS)
        assert self._process.exitcode == code, self._said.read_text("utf-8")


def leases_are_over(app: App) -> None:
    with app.database.begin() as session:
        session.execute(update(Batch).values(lease_until=now() - timedelta(days=1)))


@pytest.mark.parametrize("how", ["stepwise", "whole"])
def test_eight_threads_on_one_issue_mail_nobody_twice(
    database_url: str, tmp_path: Path, how: str
) -> None:
    """R-2."""
    app, receiver, issue = house(database_url, tmp_path, how=how)
    run(app, until_idle=True, threads=8)
    assert receiver.book() == EVERYBODY
    assert state(app, issue) == "sent"
    app.database.close()


@pytest.mark.parametrize("how", ["stepwise", "whole"])
def test_two_processes_with_threads_on_one_issue_mail_nobody_twice(
    database_url: str, tmp_path: Path, how: str
) -> None:
    """R-2."""
    app, receiver, issue = house(database_url, tmp_path, how=how)
    both = [Worker(database_url, tmp_path, 4, how) for _ in range(2)]
    for worker in both:
        worker.end()
    assert receiver.book() == EVERYBODY
    assert progress(app, issue) == issues.Progress(PEOPLE, 0, 0, PEOPLE, 0, 0, 0)
    assert state(app, issue) == "sent"
    app.database.close()


@pytest.mark.parametrize("kill_at", [1, 75, 320])
@pytest.mark.parametrize("how", ["stepwise", "whole"])
def test_a_worker_killed_in_the_middle_loses_nobody_and_doubles_nobody(
    database_url: str, tmp_path: Path, how: str, kill_at: int
) -> None:
    """R-1, R-2."""
    app, receiver, issue = house(database_url, tmp_path, how=how, people=FEWER)
    Worker(database_url, tmp_path, 1, how, kill_at).end(-signal.SIGKILL)
    everybody = {address(number) for number in range(1, FEWER + 1)}
    reached = receiver.book()
    assert sum(reached.values()) == kill_at
    if not app.database.is_sqlite:
        # On SQLite whoever takes over the file lock need not wait for leases.
        leases_are_over(app)
    Worker(database_url, tmp_path, 2, how).end()
    book = receiver.book()
    doubtful = those(app, issue, DeliveryState.IN_DOUBT)
    assert set(book.values()) == {1}
    # Each is submitted, with a mail in the receiver's book, or listed in doubt: one message on
    # the wire of a provider that goes step by step, one call of the others.
    assert len(doubtful) == (1 if how == "stepwise" else 50)
    assert set(book) | set(doubtful) == everybody
    assert set(those(app, issue, DeliveryState.SUBMITTED)) == everybody - set(doubtful)
    assert state(app, issue) == "sending"
    if how == "stepwise":
        assert doubtful == [address(kill_at)]
    app.database.close()


def test_a_second_send_is_nothing(database_url: str, tmp_path: Path) -> None:
    """R-2."""
    app, receiver, issue = house(database_url, tmp_path, people=FEWER)
    run(app, until_idle=True, threads=2)
    for _ in range(3):
        again = write_draft(app, 1, now=now())
        assert (again.outcome, again.changed, again.issue.id) == ("already", False, issue)
        with app.database.begin() as session:
            row = session.get_one(Issue, issue)
            with pytest.raises(IssueError, match="it cannot schedule"):
                issues.schedule(session, row, who="cron", now=now(), no_test=True)
        run(app, until_idle=True, threads=2)
    assert receiver.book() == {address(number): 1 for number in range(1, FEWER + 1)}
    app.database.close()
