"""Acknowledgements of many connections, durable in few transactions.

Whoever comes first writes for all who wait; each waits until its own is on the disk, so that one
message a connection is the most that can be in doubt, and one flush serves many of them. A
transaction costs ten times what a message does, so the writer gives the others a moment to come.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from newsletter.dispatcher.claim import EXCEPTION, LEASE_SECONDS, Claim
from newsletter.dispatcher.fence import LeaseLost, fence, fenced_update
from newsletter.models import Issue, IssueState
from subscribers.database import Database, Instant

# The most that a writer waits until everybody who is sending has something to be written.
MOMENT = 0.002
# So often it is looked whether the issues may still be sent.
LOOK_SECONDS = 1.0


class NotWritten(Exception):
    """The transaction did not come to its end, and with it nothing of this note."""


@dataclass(slots=True, eq=False)
class Note:
    """The bitmap of a claim so far, and the exception its newest recipient is, if one."""

    claim: Claim
    acked: bytes
    exception: dict[str, Any] | None = None
    error: Exception | None = field(default_factory=NotWritten)
    is_settled: bool = False


class Scribe:
    """Writes the notes of one process; shared by its threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pen = threading.Lock()
        self._guard = threading.Condition()
        self._waiting: list[Note] = []
        self._sending = 0
        self._looked = time.monotonic()
        self._stopped: frozenset[int] = frozenset()

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Count somebody whose notes come one by one, for as long as they do."""
        with self._guard:
            self._sending += 1
        try:
            yield
        finally:
            with self._guard:
                self._sending -= 1
                self._guard.notify()

    def write(self, note: Note, now: datetime) -> bool:
        """Make a note durable and its lease new; raises LeaseLost, or what the database said.

        Returns whether its issue still goes: it was neither paused nor cancelled at the last look.
        """
        with self._guard:
            self._waiting.append(note)
            self._guard.notify()
        with self._pen:
            if not note.is_settled:
                with self._guard:
                    self._guard.wait_for(self._is_complete, MOMENT)
                    notes, self._waiting = self._waiting, []
                self._commit(notes, now)
        if note.error is not None:
            raise note.error
        return note.claim.issue_id not in self._stopped

    def _is_complete(self) -> bool:
        return len(self._waiting) >= self._sending

    def _commit(self, notes: Sequence[Note], now: datetime) -> None:
        try:
            with self._database.begin() as session:
                lost = _write(session.connection(), notes, now)
                self._look(session, notes)
            for note in notes:
                note.error = LeaseLost() if note in lost else None
        except SQLAlchemyError as error:
            for note in notes:
                note.error = error
        finally:
            for note in notes:
                note.is_settled = True

    def _look(self, session: Session, notes: Sequence[Note]) -> None:
        clock = time.monotonic()
        if clock - self._looked >= LOOK_SECONDS:
            self._looked = clock
            held = select(Issue.id).where(
                Issue.state.in_((IssueState.PAUSED, IssueState.CANCELLED)),
                Issue.id.in_({note.claim.issue_id for note in notes}),
            )
            self._stopped = frozenset(session.scalars(held))


def _write(connection: Connection, notes: Sequence[Note], now: datetime) -> list[Note]:
    """Write notes and return those whose claim was taken away, of which nothing is written."""
    statement = _acknowledgement(connection.dialect.name)
    lease = {"lease": now + timedelta(seconds=LEASE_SECONDS)} if _is_sqlite(connection) else {}
    rows = [fence(note.claim) | lease | {"bits": note.acked} for note in notes]
    lost: list[Note] = []
    if connection.execute(statement, rows).rowcount != len(notes):
        lost = [
            note
            for note, row in zip(notes, rows, strict=True)
            if connection.execute(statement, row).rowcount != 1
        ]
    exceptions = [note.exception for note in notes if note.exception and note not in lost]
    if exceptions:
        connection.execute(insert(EXCEPTION), exceptions)
    return lost


@cache
def _acknowledgement(dialect: str) -> Update:
    """Return the UPDATE of one bitmap and lease; the clock is that of `clock.moment`."""
    lease: Any = bindparam("lease", type_=Instant())
    if dialect != "sqlite":
        lease = func.clock_timestamp() + timedelta(seconds=LEASE_SECONDS)
    return fenced_update().values(acked=bindparam("bits"), lease_until=lease)


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
