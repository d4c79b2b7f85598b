"""A new database of each kind for a benchmark; PostgreSQL where its programs are."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter import schema
from subscribers.database import Database
from tests import parts
from tests.postgresql import Cluster

KINDS = ("sqlite", "postgresql")


@contextmanager
def urls(*kinds: str) -> Iterator[dict[str, str]]:
    """Give the URL of a database with the newest schema of each kind, or of these, gone at the end."""
    wanted = kinds or KINDS
    programs = parts.find("postgresql") if "postgresql" in wanted else None
    with tempfile.TemporaryDirectory() as folder:
        found = {"sqlite": f"sqlite:///{Path(folder) / 'newsletter.db'}"}
        cluster = Cluster(programs) if programs else None
        try:
            if cluster is None and "postgresql" in wanted:
                print(f"no PostgreSQL: {parts.PARTS['postgresql'].how}", file=sys.stderr)
            if cluster is not None:
                found["postgresql"] = cluster.url(cluster.create())
            for url in found.values():
                schema.upgrade(url)
            yield found
        finally:
            if cluster is not None:
                cluster.stop()


def clock_of(database: Database) -> Callable[[], float]:
    """Return the clock that sees the database's work: of this process, or of the wall."""
    return time.process_time if database.is_sqlite else time.perf_counter
