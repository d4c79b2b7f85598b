"""Freezing an audience into batches and deliveries, beside a bare INSERT … SELECT of it.

    python -m benchmarks.freezing [--people N] [--rounds N]

The subject is what a worker does when an issue is due, in one transaction: it draws up batches of
a thousand, the recently engaged first, and writes a delivery for everybody. The yardstick writes as
many rows of the same table, keys and all, with one statement: it selects the same audience and
puts all in one batch. A million people. On SQLite CPU time, on PostgreSQL, whose server is a
process of its own, time by the clock. Prints a JSON line for each database; exit 1 when a target
is missed.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from sqlalchemy import insert, literal

from benchmarks.databases import urls
from benchmarks.measuring import Seconds, compare
from benchmarks.people import NOW, populate, schedule
from newsletter import dispatcher
from newsletter.models import Batch, Delivery
from subscribers import store
from subscribers.database import Database

PEOPLE = 1_000_000
ROUNDS = 9
SIZE = 1_000
TARGET = 1.5


def freezing(database: Database, list_id: int, keys: Iterator[int]) -> Callable[[], Seconds]:
    """Return the subject."""

    def run() -> Seconds:
        with database.begin() as session:
            issue_id = schedule(session, list_id, f"k-{next(keys)}")
        with timed(database) as taken, database.begin(trusting=True) as session:
            dispatcher.freeze(session, issue_id, size=SIZE, who="b", now=NOW)
        emptied(database)
        return taken()

    return run


def bare(database: Database, list_id: int, keys: Iterator[int]) -> Callable[[], Seconds]:
    """Return the yardstick."""

    def run() -> Seconds:
        with database.begin() as session:
            issue_id = schedule(session, list_id, f"k-{next(keys)}")
            session.execute(insert(Batch).values(issue_id=issue_id, batch_no=1, lo=1, hi=1, n=1))
        with timed(database) as taken, database.begin() as session:
            people = store.audience(list_id).add_columns(literal(issue_id), literal(1))
            session.execute(
                insert(Delivery).from_select(["subscriber_id", "issue_id", "batch_no"], people)
            )
        emptied(database)
        return taken()

    return run


@contextmanager
def timed(database: Database) -> Iterator[Callable[[], Seconds]]:
    """Give what tells, afterwards, how long it took."""
    clock = time.process_time if database.is_sqlite else time.perf_counter
    begun = clock()
    ended = begun

    def taken() -> Seconds:
        return ended - begun

    yield taken
    ended = clock()


def emptied(database: Database) -> None:
    """Take the rows away again, so that every round writes into the same table."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("DELETE FROM delivery")
            connection.exec_driver_sql("DELETE FROM batch")
        else:
            connection.exec_driver_sql("TRUNCATE batch, delivery, delivery_exception")
        connection.commit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, and return an exit code."""
    parser = argparse.ArgumentParser(description="Freezing beside a bare INSERT … SELECT.")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(arguments)
    missed = False
    with urls() as found:
        for kind, url in found.items():
            database = Database(url)
            list_id = populate(database, given.people)
            keys = iter(range(1_000_000))
            ratio = compare(
                f"freezing {kind}",
                freezing(database, list_id, keys),
                bare(database, list_id, keys),
                target=TARGET,
                rounds=given.rounds,
            )
            print(json.dumps(asdict(ratio) | {"people": given.people}), flush=True)
            missed |= not ratio.held
            database.close()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
