"""What must not be undone by putting a backup back: goodbyes, suppressions, erasures.

Each is noted where it happens, and handed to the database's keeper in the transaction that makes it
true: the note is safe before the commit is. No note names anybody: numbers and keyed hashes.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session, SessionTransaction


class NoteKind(StrEnum):
    """What happened."""

    LEFT = "left"
    BACK = "back"
    SUPPRESSED = "suppressed"
    UNSUPPRESSED = "unsuppressed"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Note:
    """One line: `list_id` and `subscriber_id` are 0 and `key` empty where they say nothing.

    `key` is a keyed hash, or a whole domain; `reason` a SuppressionReason.
    """

    kind: str
    at: datetime
    list_id: int = 0
    subscriber_id: int = 0
    key: str = ""
    reason: str = ""


def note(
    session: Session,
    kind: NoteKind,
    now: datetime,
    *,
    list_id: int = 0,
    subscriber_id: int = 0,
    key: str = "",
    reason: str = "",
) -> None:
    """Note what happens in this transaction."""
    session.info.setdefault("notes", []).append(
        Note(kind, now, list_id, subscriber_id, key, reason)
    )


@contextmanager
def undoable(session: Session) -> Iterator[SessionTransaction]:
    """Open a savepoint; when it is rolled back, what was noted in it is forgotten too."""
    before = len(session.info.get("notes", ()))
    with session.begin_nested() as step:
        yield step
        undone = not step.is_active
    if undone:
        del session.info.get("notes", [])[before:]


def standing(notes: Iterable[Note]) -> Sequence[Note]:
    """Return the notes that still hold: the last one on each subscription, address and person."""
    last: dict[tuple[str, int, int, str], Note] = {}
    for one in notes:
        if one.kind in (NoteKind.LEFT, NoteKind.BACK):
            last["list", one.list_id, one.subscriber_id, ""] = one
        elif one.kind == NoteKind.ERASED:
            last["person", 0, one.subscriber_id, ""] = one
        else:
            last["address", 0, 0, one.key] = one
    return list(last.values())
