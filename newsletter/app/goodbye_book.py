"""The journal of goodbyes: a file outside the database, forced to the disk before each commit.

A backup that is put back knows nothing of who left since; this does (DESIGN §3 C). One JSON object
a line; what a torn write left at the end is no line.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import orjson

from newsletter.app.state_folder import force, private_folder
from subscribers.goodbyes import Note

FILE = "goodbyes.jsonl"


class GoodbyeBook:
    """Appends to one file; of every process that writes to the same database on this machine."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        self._is_found = False

    def keep(self, notes: Sequence[Note]) -> None:
        """Write notes down for good; raises OSError, and then nothing is committed."""
        lines = b"".join(orjson.dumps(one) + b"\n" for one in notes)
        with self._lock:
            private_folder(self.file.parent)
            handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                # One write, so that lines of two processes never mix.
                whole = _cut_off(handle) + lines
                if os.write(handle, whole) < len(whole):
                    raise OSError("the disk took only a part of a goodbye")
                os.fsync(handle)
            finally:
                os.close(handle)
            if not self._is_found:
                force(self.file.parent)
                self._is_found = True


def read_book(file: Path) -> Iterator[Note]:
    """Yield the notes of a book in their order; lines that are none are passed over."""
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    for line in lines:
        try:
            found = orjson.loads(line)
            yield Note(
                kind=str(found["kind"]),
                at=datetime.fromisoformat(found["at"]),
                list_id=int(found["list_id"]),
                subscriber_id=int(found["subscriber_id"]),
                key=str(found["key"]),
                reason=str(found["reason"]),
            )
        except (ValueError, TypeError, KeyError):
            continue


def _cut_off(handle: int) -> bytes:
    """Return what ends a line that a power cut tore, so that the next one is none of it."""
    size = os.fstat(handle).st_size
    return b"\n" if size and os.pread(handle, 1, size - 1) != b"\n" else b""
