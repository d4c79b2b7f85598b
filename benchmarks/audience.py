"""Whom a segment means among a million, in one statement, beside a bare SELECT of the same people.

    python -m benchmarks.audience [--people N] [--rounds N]

The subject is what freezing an issue's audience runs: who is on the list, active, with an address,
not suppressed by address or domain, and of the segment. The yardstick selects as many ids by state
alone. The database counts what it finds, so that handing it over is not timed. CPU seconds on
SQLite; on PostgreSQL, whose server is another process, those of the clock. Prints a JSON line for
each database and segment; exit 1 when a target is missed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, func, select

from benchmarks.crowd import gather
from benchmarks.databases import clock_of, urls
from benchmarks.measuring import Seconds, compare
from subscribers import store
from subscribers.database import Database
from subscribers.models import Subscription, SubscriptionState

PEOPLE = 1_000_000
ROUNDS = 9
# A segment → how many times as long as the bare SELECT it may take.
SEGMENTS = {"": 12.0, "joined > 2025-01-01": 12.0, "tag:vip": 20.0, 'city = "Pune"': 20.0}


def counting(database: Database, people: Select[Any]) -> Callable[[], Seconds]:
    """Return something that lets the database count these people, and says how long it took."""
    clock = clock_of(database)

    def run() -> Seconds:
        begun = clock()
        with database.read() as session:
            session.scalar(select(func.count()).select_from(people.subquery()))
        return clock() - begun

    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios and return an exit code."""
    parser = argparse.ArgumentParser(description="A segment's people beside a bare SELECT.")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(arguments)
    missed = False
    with urls() as databases:
        for kind, url in databases.items():
            database = Database(url)
            list_id = gather(database, given.people)
            bare = select(Subscription.subscriber_id).where(
                Subscription.list_id == list_id, Subscription.state == SubscriptionState.ACTIVE
            )
            for segment, target in SEGMENTS.items():
                with database.read() as session:
                    list_ = store.find_list(session)
                    condition = store.segment_of(session, list_, segment)
                ratio = compare(
                    f"audience {segment or 'everybody'} {kind}",
                    counting(database, store.audience(list_id, condition)),
                    counting(database, bare),
                    target=target,
                    rounds=given.rounds,
                )
                print(ratio.as_json(), flush=True)
                missed |= not ratio.held
            database.close()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
