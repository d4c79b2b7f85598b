"""Acknowledgements of many connections, durable in few transactions.

Whoever comes first writes for all who wait; each waits until its own is on the disk, so that one
message a connection is the most that can be in doubt, and one flush serves many of them.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from newsletter.dispatcher.claim import LEASE_SECONDS, Claim
from newsletter.dispatcher.fence import LeaseLost, fence, fenced_update
from newsletter.dispatcher.statements import EXCEPTION
from newsletter.models import Issue, IssueState
from subscribers.clock import bound, given
from subscribers.database import Database

# So often it is looked whether the issues may still be sent.
LOOK_SECONDS = 1.0


class NotWritten(Exception):
    """The transaction did not come to its end, and with it nothing of this note."""


@dataclass(slots=True, eq=False)
class Note:
    """The bitmap of a claim so far, and the exceptions among its newest recipients."""

    claim: Claim
    acked: bytes
    exceptions: Sequence[dict[str, Any]] = ()
    error: Exception | None = field(default_factory=NotWritten)
    is_settled: bool = False
    # Held until it is settled, or until its writer is the one who writes for all.
    turn: threading.Lock = field(default_factory=threading.Lock)


class Scribe:
    """Writes the notes of one process; shared by its threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._waiting: list[Note] = []
        self._is_led = False
        self._sending = 0
        # Used by who leads, and kept while anybody is sending.
        self._kept: Connection | None = None
        self._looked = time.monotonic()
        # The issues of which something was written since the last look, and those found stopped.
        self._noted: set[int] = set()
        self._stopped: set[int] = set()

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
                self._let_go()

    def write(self, note: Note, now: datetime) -> bool:
        """Make a note durable and its lease new; raises LeaseLost, or what the database said.

        Returns whether its issue still goes: it was neither paused nor cancelled at the last look.
        """
        note.turn.acquire()
        with self._guard:
            self._waiting.append(note)
            leads, self._is_led = not self._is_led, True
        if not leads:
            note.turn.acquire()
        if not note.is_settled:
            self._lead(note, now)
        if note.error is not None:
            raise note.error
        return note.claim.issue_id not in self._stopped

    def _lead(self, own: Note, now: datetime) -> None:
        """Write for all who wait, wake them, and let the first of those who came since lead."""
        with self._guard:
            notes, self._waiting = self._waiting, []
        try:
            self._commit(notes, now)
        finally:
            for note in notes:
                note.is_settled = True
                if note is not own:
                    note.turn.release()
            with self._guard:
                self._is_led = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].turn.release()
                self._let_go()

    def _let_go(self) -> None:
        """Give the connection back when nobody writes or will soon."""
        if self._kept is not None and not self._sending and not self._is_led:
            self._kept.close()
            self._kept = None

    def _commit(self, notes: Sequence[Note], now: datetime) -> None:
        try:
            if self._kept is None or self._kept.closed:
                self._kept = self._database.engine.connect()
            with self._database.begin_on(self._kept) as connection:
                lost = _write(connection, notes, now)
                self._look(connection, notes)
            for note in notes:
                note.error = LeaseLost() if note in lost else None
        except SQLAlchemyError as error:
            for note in notes:
                note.error = error

    def _look(self, connection: Connection, notes: Sequence[Note]) -> None:
        self._noted |= {note.claim.issue_id for note in notes}
        clock = time.monotonic()
        if clock - self._looked >= LOOK_SECONDS:
            self._looked = clock
            held = select(Issue.id).where(
                Issue.state.in_((IssueState.PAUSED, IssueState.CANCELLED)),
                Issue.id.in_(self._noted | self._stopped),
            )
            self._stopped = set(connection.scalars(held))
            self._noted.clear()


def _write(connection: Connection, notes: Sequence[Note], now: datetime) -> list[Note]:
    """Write notes and return those whose claim was taken away, of which nothing is written."""
    statement = _acknowledgement(connection.dialect.name)
    lease = given(connection.dialect.name, "lease", now, LEASE_SECONDS)
    rows = [fence(note.claim) | lease | {"bits": note.acked} for note in notes]
    lost: list[Note] = []
    if connection.execute(statement, rows).rowcount != len(notes):
        lost = [
            note
            for note, row in zip(notes, rows, strict=True)
            if connection.execute(statement, row).rowcount != 1
        ]
    exceptions = [row for note in notes if note not in lost for row in note.exceptions]
    if exceptions:
        connection.execute(insert(EXCEPTION), exceptions)
    return lost


@cache
def _acknowledgement(dialect: str) -> Update:
    """Return the UPDATE of one bitmap and lease; built once."""
    lease = bound(dialect, "lease", LEASE_SECONDS)
    return fenced_update().values(acked=bindparam("bits"), lease_until=lease)
