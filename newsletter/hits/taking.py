"""The hits of one process: taken while a page is answered, kept in order by a thread beside it."""

import itertools
import logging
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from newsletter.hits.hit import BUSY, HOUR_MS, WAITING, Hit, Says
from newsletter.hits.ingest import ingest
from newsletter.hits.log import HitLog
from newsletter.hits.sequences import Sequences
from newsletter.hits.targets import Counted
from newsletter.links import NOBODY, Reading
from newsletter.message import Visitor
from newsletter.visitors import EARLY_MS, Seen, agents, judge
from subscribers.database import Database, now

FOLDER = "hits"
SYNC_SECONDS = 0.1
SYNCS_A_ROUND = 50

log = logging.getLogger("newsletter.hits")


class Hits:
    """Takes hits down at once and judges them within a minute; shared by threads."""

    def __init__(self, folder: Path, *, scanners: Sequence[str] = ()) -> None:
        """Take the folder of the log and more networks of scanners; raises ValueError for none."""
        self._log = HitLog(folder)
        self._sequences = Sequences()
        self._scanners = agents.Networks((*agents.SCANNERS, *scanners))
        self._click_scanners = agents.Networks(agents.CLICK_SCANNERS)
        # Hardly anybody asks from either: one look tells.
        self._known = agents.Networks((*agents.SCANNERS, *scanners, *agents.CLICK_SCANNERS))
        self._keeping = threading.Lock()

    def take(
        self, seen: Seen, reading: Reading, link: int, counted: Counted, *, address: str, at: int
    ) -> None:
        """Write one hit down; `at` is in Unix milliseconds. Raises OSError when the log cannot."""
        found = agents.parsed(address)
        if found is not None and found in self._known:
            seen = seen._replace(
                scanner=found in self._scanners, click_scanner=found in self._click_scanners
            )
        visitor, reason = judge(seen)
        # Nobody is so quick; whose mail left later is known of people alone, and looked at there.
        if 0 <= at - counted.began < EARLY_MS:
            visitor, reason = Visitor.MACHINE, "early"
        number, issue_id, person = self._log.number(), reading.issue_id, reading.subscriber_id
        hit = Hit(number, at, issue_id, link, person, visitor, reason)
        name = self._sequences.name(hit, agents.network(found), seen.agent)
        waits = self._sequences.add(name, hit, len(counted.targets))
        if visitor is not Visitor.MACHINE:
            word = WAITING if waits else BUSY
            hit = Hit(number, at, issue_id, link, person, Visitor.UNKNOWN, word)
        self._log.append(hit)

    def sync(self) -> None:
        """Force what was taken to the disk."""
        self._log.sync()

    def keep(self, database: Database, *, now: datetime) -> int:
        """Judge what waited for a minute and move all that is new into the database.

        Returns how many lines were moved.
        """
        with self._keeping:
            verdicts = self._sequences.settled(int(now.timestamp() * 1000))
            nameless = Counter(
                (at - at % HOUR_MS, issue_id, link, visitor, reason)
                for _, at, issue_id, link, person, visitor, reason in verdicts
                if person == NOBODY
            )
            for (hour, issue_id, link, visitor, reason), count in nameless.items():
                those = Hit(count, hour, issue_id, link, NOBODY, visitor, reason)
                self._log.append(those, Says.VERDICTS)
            for hit in verdicts:
                if hit.subscriber_id != NOBODY:
                    self._log.append(hit, Says.VERDICT)
            self._log.rotate()
            return ingest(database, self._log.folder, now=now)

    def close(self) -> None:
        """End the log; what waits for its verdict stays unknown."""
        self._log.close()


def keep_at(hits: Hits, database: Database, stop: threading.Event) -> None:
    """Force the log to the disk ten times a second and ingest every five, until told to stop.

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
