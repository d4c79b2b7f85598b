"""Finding people by how their address begins: among a million beside among ten thousand.

    python -m benchmarks.searching [--people N] [--rounds N]

Subject and yardstick are the same search for the first 20, each in a database of its own, in turn.
CPU seconds on SQLite; on PostgreSQL, whose server is another process, those of the clock. Prints a
JSON line for each database; exit 1 when a target is missed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from benchmarks.crowd import gather
from benchmarks.databases import clock_of, urls
from benchmarks.measuring import Seconds, compare
from subscribers import store
from subscribers.database import Database

PEOPLE, FEW = 1_000_000, 10_000
TARGET = 3.0
ROUNDS = 60
TIMES = 40


def searching(database: Database) -> Callable[[], Seconds]:
    """Return something that searches for many beginnings, and says how long it took."""
    clock = clock_of(database)

    def run() -> Seconds:
        begun = clock()
        for number in range(TIMES):
            with database.read() as session:
                store.search(session, f"{number * 5:02x}", limit=20)
        return clock() - begun

    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios and return an exit code."""
    parser = argparse.ArgumentParser(description="A search among many beside one among few.")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(arguments)
    missed = False
    with urls() as many, urls() as few:
        for kind in many:
            crowd, some = Database(many[kind]), Database(few[kind])
            gather(crowd, given.people)
            gather(some, min(given.people, FEW))
            ratio = compare(
                f"search {kind}",
                searching(crowd),
                searching(some),
                target=TARGET,
                rounds=given.rounds,
            )
            crowd.close()
            some.close()
            print(ratio.as_json(), flush=True)
            missed |= not ratio.held
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
