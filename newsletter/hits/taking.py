"""The hits of one process: taken while a page is answered, kept in order by a thread beside it."""

import itertools
import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from newsletter.hits import agents
from newsletter.hits.hit import WAITING, Hit, Visitor
from newsletter.hits.ingest import ingest
from newsletter.hits.judging import Seen, judge
from newsletter.hits.log import HitLog
from newsletter.hits.sequences import Sequences
from newsletter.links import Reading
from subscribers.database import Database, now

FOLDER = "hits"
SYNC_SECONDS = 0.1
SYNCS_A_ROUND = 10

log = logging.getLogger("newsletter.hits")


class Hits:
    """Takes hits down at once and judges them within a minute; shared by threads."""

    def __init__(self, folder: Path, *, scanners: Sequence[str] = ()) -> None:
        """Take the folder of the log and more networks of scanners; raises ValueError for none."""
        self._log = HitLog(folder)
        self._sequences = Sequences()
        self._scanners = agents.Networks((*agents.SCANNERS, *scanners))
        self._click_scanners = agents.Networks(agents.CLICK_SCANNERS)
        self._keeping = threading.Lock()

    def take(self, seen: Seen, reading: Reading, *, links: int, address: str, at: int) -> None:
        """Write one hit down; `links` is how many the issue counts, `at` Unix milliseconds.

        Raises OSError when the log took it not.
        """
        found = agents.parsed(address)
        if found is not None:
            seen = seen._replace(
                scanner=found in self._scanners, click_scanner=found in self._click_scanners
            )
        hit = Hit(
            self._log.number(), at, reading.issue_id, seen.link, reading.subscriber_id, *judge(seen)
        )
        name = self._sequences.name(hit, agents.network(found), seen.agent)
        if self._sequences.add(name, hit, links):
            hit = hit._replace(visitor=Visitor.UNKNOWN, reason=WAITING)
        elif hit.visitor is not Visitor.MACHINE:
            hit = hit._replace(visitor=Visitor.UNKNOWN, reason="busy")
        self._log.append(hit)

    def sync(self) -> None:
        """Force what was taken to the disk."""
        self._log.sync()

    def keep(self, database: Database, *, now: datetime) -> int:
        """Judge what waited for a minute and move all that is new into the database.

        Returns how many lines were moved.
        """
        with self._keeping:
            for verdict in self._sequences.settled(int(now.timestamp() * 1000)):
                self._log.append(verdict, is_verdict=True)
            self._log.rotate()
            return ingest(database, self._log.folder, now=now)

    def close(self) -> None:
        """End the log; what waits for its verdict stays unknown."""
        self._log.close()


def keep_at(hits: Hits, database: Database, stop: threading.Event) -> None:
    """Force the log to the disk ten times a second and ingest once a second, until told to stop.

    A database that is away for a while is waited for: the log keeps what it is not told.
    """
    rounds = itertools.count(1)
    while not stop.wait(SYNC_SECONDS):
        try:
            hits.sync()
            if next(rounds) % SYNCS_A_ROUND == 0:
                hits.keep(database, now=now())
        except (OSError, SQLAlchemyError) as error:
            log.warning("hits wait in the log: %s", type(error).__name__)
    with suppress(OSError, SQLAlchemyError):
        hits.close()
        hits.keep(database, now=now())
