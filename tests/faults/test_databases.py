"""The database fails: at its Nth call, when it is stopped under load, when the disk is full."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from newsletter.worker.local import run
from subscribers.database import AWAY
from tests.conftest import IMPOSSIBLE, need
from tests.faults.amount import LIMIT, LONG, SEED, Points, in_time, told
from tests.faults.conftest import Make
from tests.faults.trial import Trial
from tests.mailservers.room import Room
from tests.postgresql import Cluster


class Broken(Exception):
    """What a driver says."""


def broken() -> OperationalError:
    return OperationalError("a statement", {}, Broken("the server closed the connection"))


class Breaking:
    """An engine whose Nth call fails, once."""

    def __init__(self, engine: Engine, number: int, how: str) -> None:
        self._engine = engine
        self._left = number
        self._how = how
        self._lock = threading.Lock()
        self.has_failed = False

    def _is_now(self) -> bool:
        with self._lock:
            self._left -= 1
            self.has_failed |= self._left == 0
            return self._left == 0

    def _statement(self, *_: Any) -> None:
        if self._is_now():
            raise broken()

    def _commit(self, connection: Connection) -> None:
        if not self._is_now():
            return
        if self._how == "a commit that is not answered":
            raw = connection.connection.dbapi_connection
            assert raw
            raw.cursor().execute("COMMIT")
        raise broken()

    @contextmanager
    def listening(self) -> Iterator["Breaking"]:
        """Break what is called in here."""
        on, listener = (
            ("before_cursor_execute", self._statement)
            if self._how == "a statement"
            else ("commit", self._commit)
        )
        event.listen(self._engine, on, listener)
        yield self
        event.remove(self._engine, on, listener)


@pytest.mark.timeout(LIMIT)
@pytest.mark.parametrize(
    "how", ["a statement", "a commit that is refused", "a commit that is not answered"]
)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"] if LONG else ["sqlite"])
@pytest.mark.parametrize("provider", ["smtp", "sendgrid"] if LONG else ["smtp"])
def test_when_the_nth_call_of_the_database_fails_nobody_is_lost(
    make: Make, provider: str, database: str, how: str
) -> None:
    """T2."""
    points, refused = Points(0.015, provider, database, how), 0
    for number in points:
        trial = make(provider, database, people=4)
        with Breaking(trial.app.database.engine, number, how).listening() as breaking:
            try:
                run(trial.app, until_idle=True)
            except AWAY:
                refused += 1
        if breaking.has_failed:
            points.hit(number)
        else:
            points.beyond(number)
            continue
        trial.leases_end()
        trial.go_on()
        trial.conclude()
    told(
        f"{how} of {provider} on {database} fails, seed {SEED}: {points};"
        f" {refused} at the start, where the worker says so and ends"
    )
    assert points.tried


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL server that may be stopped."""
    cluster = Cluster(need("postgresql"))
    yield cluster
    cluster.stop()


def until_received(trial: Trial, mails: int) -> None:
    """Wait until so many mails were received."""
    patience = threading.Event()
    while len(trial.receiver.log.read_bytes().splitlines()) < mails:
        patience.wait(0.01)


@pytest.mark.timeout(LIMIT)
@pytest.mark.parametrize("provider", ["smtp", "sendgrid"])
def test_postgresql_that_is_stopped_under_load_stops_no_worker(
    make: Make, own_cluster: Cluster, provider: str
) -> None:
    """T3."""
    people = 1500 if LONG else 150
    stops = 20 if LONG else 2
    trial = make(provider, own_cluster, people=people, lanes=3)
    sender = trial.nursery.start(trial.way)
    is_time, stopped = in_time(0.05), 0
    while stopped < stops and is_time():
        stopped += 1
        until_received(trial, people * stopped // (stops + 2))
        own_cluster.crash()
        own_cluster.start()
    assert sender.end(trial.moves) == 0
    trial.go_on()
    crashed = trial.conclude()
    told(
        f"PostgreSQL stopped immediate {stopped} times under load, {provider}: {people} people,"
        f" {len(crashed.doubtful)} in doubt, the worker lived on"
    )
    assert crashed.doubtful == frozenset()


def fill(path: Path) -> None:
    """Write a file that leaves no room on its disk."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


@pytest.mark.timeout(LIMIT)
def test_a_full_disk_is_said_and_waited_for(make: Make, tmp_path: Path) -> None:
    """T4: nothing leaves without a claim that is on the disk."""
    if not Room.can_be():
        pytest.skip(f"{IMPOSSIBLE}a small disk (root)")
    small = tmp_path / "0"
    small.mkdir()
    subprocess.run(("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small), check=True)
    try:
        trial = make("smtp", "sqlite", people=120)
        filler = small / "filler"
        sender = trial.nursery.start(trial.way)
        until_received(trial, 3)
        fill(filler)
        patience = threading.Event()
        while not trial.way.told.exists():
            assert sender.is_alive
            patience.wait(0.01)
        said = trial.way.told.read_text()
        received = len(trial.received())
        filler.unlink()
        assert sender.end(trial.moves) == 0
        crashed = trial.conclude()
        trial.close()
        told(f"a full disk: {said!r} after {received} mails; {len(crashed.doubtful)} in doubt")
        assert "full" in said
        assert crashed.doubtful == frozenset()
    finally:
        subprocess.run(("umount", "--lazy", small), check=True)
