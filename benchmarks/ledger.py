"""Bytes of the ledger for each delivery: of an issue that was sent, and of one that was packed.

    python -m benchmarks.ledger [--people N]

A million people get an issue in batches of a thousand, all submitted and acknowledged one by one,
which is the largest a ledger gets without failures. Counted is what batches, deliveries,
exceptions and packed deliveries take with their indexes: on SQLite pages in use, after less
before, on PostgreSQL the size of the relations, after VACUUM and REINDEX. Numbers of people are in a row, the
best case: packed, a list that has one subscriber in ten takes ten times as much. Prints a JSON
line for each database and form; exit 1 when a target is missed.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing

from sqlalchemy import insert, update

from benchmarks.databases import urls
from benchmarks.people import NOW, populate, schedule
from newsletter import dispatcher, issues
from newsletter.models import Batch, BatchState, Issue, IssueFigures, IssueState
from subscribers.database import Database

PEOPLE = 1_000_000
SIZE = 1_000
TARGETS = {"sqlite": (14.0, 1.5), "postgresql": (70.0, 7.0)}
TABLES = ("batch", "delivery", "delivery_exception", "packed_delivery")


def measured(database: Database, people: int) -> Iterator[tuple[str, float]]:
    """Yield (form, bytes a delivery) of one issue to so many people."""
    list_ = populate(database, people)
    with database.begin() as session:
        number = schedule(session, list_, "k")
    before = taken(database)
    with database.begin() as session:
        dispatcher.freeze(session, number, size=SIZE, who="b", now=NOW)
    with database.begin() as session:
        session.execute(
            update(Batch).values(
                state=BatchState.SUBMITTED,
                attempt=1,
                owner="a-machine.example:12345:0a1b2c3d.4/1234",
                provider="smtp",
                at_once=1,
                acked=b"\xff" * (SIZE // 8),
                reference="0123456789012345678901",
                submitted_at=NOW,
            )
        )
        session.execute(update(Issue).values(state=IssueState.SENT))
        session.execute(insert(IssueFigures).values(issue_id=number, figures={}, rolled_up_at=NOW))
    yield "live", (taken(database) - before) / people
    while issues.pack_closed(database, now=NOW):
        pass
    yield "archived", (taken(database) - before) / people


def taken(database: Database) -> int:
    """Return the bytes that the ledger takes; on SQLite everything, of which the rest stands still."""
    if database.is_sqlite:
        with closing(database.engine.raw_connection()) as raw:
            cursor = raw.cursor()
            pages, free, size = (
                cursor.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
            return int((pages - free) * size)
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in TABLES:
            # Pages of an index that came free wait for the next issue and are nobody's.
            connection.exec_driver_sql(f"VACUUM {table}")
            connection.exec_driver_sql(f"REINDEX TABLE {table}")
        sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in TABLES)
        return int(connection.exec_driver_sql(f"SELECT {sizes}").scalar_one())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, and return an exit code."""
    parser = argparse.ArgumentParser(description="Bytes of the ledger for each delivery.")
    parser.add_argument("--people", type=int, default=PEOPLE)
    people = parser.parse_args(arguments).people
    missed = False
    with urls() as found:
        for kind, url in found.items():
            database = Database(url)
            for (form, figure), target in zip(
                measured(database, people), TARGETS[kind], strict=True
            ):
                held = figure <= target
                missed |= not held
                print(
                    json.dumps(
                        {
                            "name": f"ledger {form} {kind}",
                            "bytes_a_delivery": round(figure, 3),
                            "target": target,
                            "deliveries": people,
                            "held": held,
                        }
                    ),
                    flush=True,
                )
            database.close()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
