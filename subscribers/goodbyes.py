"""What must not be undone by putting a backup back: goodbyes, suppressions, erasures.

Each is noted where it happens, and handed to the database's keeper in the transaction that makes it
true: the note is safe before the commit is. No note names anybody: numbers and keyed hashes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session, SessionTransaction

# SuppressionReason's own word; its module stands above this one.
COMPLAINED = "complained"


class NoteKind(StrEnum):
    """What happened."""

    LEFT = "left"
    BACK = "back"
    SUPPRESSED = "suppressed"
    UNSUPPRESSED = "unsuppressed"
    ERASED = "erased"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Note:
    """One line: `list_id` and `subscriber_id` are 0 and `key` empty where they say nothing.

    `key` is a keyed hash, or a whole domain; `reason` a SuppressionReason (of who is UNSUPPRESSED
    that of one who was erased and came back), or of who MOVED from `key` the keyed hash of where
    to.
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
    """Return the notes that still hold: the last one on each subscription, address and person.

    Who moved and was erased, or complained, is meant by the earlier addresses too: a backup of
    before the move has those.
    """
    last: dict[tuple[str, int, int, str], Note] = {}
    came_from: dict[tuple[int, str], str] = {}
    for one in notes:
        if one.kind == NoteKind.MOVED:
            came_from[one.subscriber_id, one.reason] = one.key
        elif one.kind in (NoteKind.LEFT, NoteKind.BACK):
            last["list", one.list_id, one.subscriber_id, ""] = one
        elif one.kind == NoteKind.ERASED:
            last["person", 0, one.subscriber_id, one.key] = one
        else:
            last["address", 0, 0, one.key] = one
    return [each for one in last.values() for each in _of_every_address(one, came_from)]


def _of_every_address(one: Note, came_from: Mapping[tuple[int, str], str]) -> Iterator[Note]:
    yield one
    if one.kind != NoteKind.ERASED and one.reason != COMPLAINED:
        return
    seen = {one.key}
    while (key := came_from.get((one.subscriber_id, one.key), "")) and key not in seen:
        seen.add(key)
        one = replace(one, key=key)
        yield one
