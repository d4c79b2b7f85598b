"""Races of a fleet: whoever dies, stops or is told to end, nobody is mailed twice and nobody is lost.

With BROADSHEET_LONG=1 there are more people, providers of whole calls too, and the leases end by
the clock: all must be done within ten seconds of that, and how long it took is printed.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update

from newsletter.app import App
from newsletter.dispatcher.claim import LEASE_SECONDS
from newsletter.models import Batch, DeliveryState
from subscribers.database import now
from tests.newsletter.house import add_people, address, open_house, progress, schedule, those
from tests.newsletter.receiver import Receiver
from tests.parts import ROOT
from tests.races.fleet_process import BATCH, LANES

IS_LONG = "BROADSHEET_LONG" in os.environ
HOW = ("stepwise", "whole") if IS_LONG else ("stepwise",)
PEOPLE = 4000 if IS_LONG else 1000
EVERYBODY = {address(number) for number in range(1, PEOPLE + 1)}
# The mail at which a worker dies or stops: in the middle of a batch.
AT = "20"
# So often it is looked whether anything goes on: a machine that others use too may take its time.
LOOK_SECONDS = 5.0


@pytest.fixture
def house(
    migrated_postgres_url: str, migrated_name: str, tmp_path: Path
) -> Iterator[tuple[App, Receiver, int]]:
    receiver = Receiver(tmp_path / "book")
    # Who sleeps inside a transaction is not waited for longer than needed.
    idle = f"ALTER DATABASE {migrated_name} {{}} idle_in_transaction_session_timeout"
    bare = create_engine(migrated_postgres_url, isolation_level="AUTOCOMMIT")
    with bare.connect() as connection:
        connection.exec_driver_sql(idle.format("SET") + " = '10s'")
    app = open_house(migrated_postgres_url, tmp_path, receiver, batch_size=BATCH)
    yield app, receiver, schedule(app, add_people(app, PEOPLE), now=now())
    app.database.close()
    with bare.connect() as connection:
        connection.exec_driver_sql(idle.format("RESET"))
    bare.dispose()


@contextmanager
def fleet(
    url: str, folder: Path, how: str, *fates: Sequence[str]
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run a worker for each fate, and let them begin when all are there; none outlives this."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = str(door.getsockname()[1])
        workers = [
            subprocess.Popen(
                (sys.executable, "-m", "tests.races.fleet_process", url, folder, port, how, *fate),
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stderr=subprocess.PIPE,
            )
            for fate in fates
        ]
        try:
            door.settimeout(LOOK_SECONDS)
            knocks: list[socket.socket] = []
            while len(knocks) < len(workers):
                with suppress(TimeoutError):
                    knocks.append(door.accept()[0])
                assert all(worker.poll() is None for worker in workers)
            for knock in knocks:
                knock.close()
            yield workers
        finally:
            for worker in workers:
                if worker.poll() is None:
                    worker.kill()
                    worker.wait()
                if worker.stderr:
                    worker.stderr.close()


def end(worker: subprocess.Popen[bytes], receiver: Receiver, code: int = 0) -> None:
    """Wait for a worker's end, for as long as the fleet goes on mailing and a lease more."""
    mailed, since = receiver.book().total(), time.monotonic()
    while worker.poll() is None and time.monotonic() - since < 3 * LEASE_SECONDS:
        with suppress(subprocess.TimeoutExpired):
            worker.wait(LOOK_SECONDS)
        if mailed != (mailed := receiver.book().total()):
            since = time.monotonic()
    assert worker.poll() is not None, "a worker that does not end"
    assert worker.stderr
    assert (worker.returncode, worker.stderr.read().decode()) == (code, "")


def leases_are_over(app: App, *workers: subprocess.Popen[bytes]) -> None:
    """Let the leases of these end: PostgreSQL's clock counts, and what it says is set by hand."""
    with app.database.begin() as session:
        for worker in workers:
            session.execute(
                update(Batch)
                .where(Batch.owner.contains(f":{worker.pid}:"))
                .values(lease_until=now() - timedelta(days=1))
            )


@pytest.mark.timeout(900 if IS_LONG else 240)
@pytest.mark.parametrize("how", HOW)
def test_of_four_workers_one_is_killed_one_sleeps_past_its_lease_one_is_told_to_end(
    house: tuple[App, Receiver, int], migrated_postgres_url: str, tmp_path: Path, how: str
) -> None:
    """R-1, R-2, R-3: the fourth does the rest, nobody is lost and nobody is mailed twice."""
    app, receiver, issue = house
    fates = (("SIGKILL", AT), ("SIGSTOP", AT), ("SIGTERM", AT), ())
    with fleet(migrated_postgres_url, tmp_path, how, *fates) as workers:
        killed, stopped, told, another = workers
        end(killed, receiver, -signal.SIGKILL)
        _, status = os.waitpid(stopped.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        gone = time.monotonic()
        end(told, receiver)
        if not IS_LONG:
            leases_are_over(app, killed, stopped)
        end(another, receiver)
        took = time.monotonic() - gone
        done = progress(app, issue)
        assert (done.pending, done.sending, done.failed) == (0, 0, 0)
        os.kill(stopped.pid, signal.SIGCONT)
        end(stopped, receiver)
    book = receiver.book()
    doubtful = set(those(app, issue, DeliveryState.IN_DOUBT))
    assert set(book.values()) == {1}
    assert set(book) | doubtful == EVERYBODY
    assert set(those(app, issue, DeliveryState.SUBMITTED)) == EVERYBODY - doubtful
    # Two were away with one on the wire in each of their lanes; who was told to end left nobody.
    assert 2 <= len(doubtful) <= 2 * LANES * (1 if how == "stepwise" else BATCH)
    assert progress(app, issue) == done
    if IS_LONG:
        print(f"{how}: {PEOPLE} people, {len(doubtful)} in doubt, done after {took:.1f} s")
        assert took <= LEASE_SECONDS + 10
