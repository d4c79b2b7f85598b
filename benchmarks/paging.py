"""The listing of everybody, far in: page 5,000 beside page 1.

    python -m benchmarks.paging [--people N] [--rounds N]

Pages of 100, by address. CPU seconds on SQLite; on PostgreSQL, whose server is another process,
those of the clock. Prints a JSON line for each database; exit 1 when a target is missed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from sqlalchemy import select

from benchmarks.crowd import gather
from benchmarks.databases import clock_of, urls
from benchmarks.measuring import Seconds, compare
from subscribers import store
from subscribers.database import Database
from subscribers.models import Subscriber

PEOPLE = 1_000_000
TARGET = 1.2
ROUNDS = 60
PAGE, FAR = 100, 5_000
TIMES = 10


def paging(database: Database, after: str) -> Callable[[], Seconds]:
    """Return something that reads the page after a key some times, and says how long it took."""
    clock = clock_of(database)

    def run() -> Seconds:
        begun = clock()
        for _ in range(TIMES):
            with database.read() as session:
                store.search(session, "", limit=PAGE, after=after)
        return clock() - begun

    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios and return an exit code."""
    parser = argparse.ArgumentParser(description="A page far in beside the first.")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(arguments)
    missed = False
    with urls() as databases:
        for kind, url in databases.items():
            database = Database(url)
            gather(database, given.people)
            # No fewer than a page after it, also of a small crowd.
            before = min(PAGE * (FAR - 1), given.people - PAGE) - 1
            by_address = select(Subscriber.email_key).order_by(Subscriber.email_key)
            with database.read() as session:
                last = session.scalars(by_address.offset(before).limit(1)).one() or ""
            ratio = compare(
                f"page {FAR} {kind}",
                paging(database, last),
                paging(database, ""),
                target=TARGET,
                rounds=given.rounds,
            )
            database.close()
            print(ratio.as_json(), flush=True)
            missed |= not ratio.held
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
