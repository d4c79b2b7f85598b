"""The log of hits: a file of this process alone, one write for each line before it is answered.

What was written survives the death of the process; `sync` forces it to the disk, so a power cut
loses at most what came since. A segment is locked by who writes it: one that can be locked has a
dead owner, and whoever finds it reads it to its end (`segments`).
"""

import fcntl
import itertools
import os
import threading
import time
import uuid
from pathlib import Path

from newsletter.hits.hit import Hit, Line, Says, written

SUFFIX = ".hits"
LARGEST = 8_000_000
OLDEST = 600.0


class HitLog:
    """Appends lines to segments in one folder; shared by threads."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is opened before the first line."""
        self.folder = folder
        self.process = uuid.uuid4().hex[:16]
        self._numbers = itertools.count(1)
        self._segments = itertools.count(1)
        self._lock = threading.Lock()
        self._handle = -1
        self._size = 0
        self._opened = 0.0
        self._dirty = False

    def number(self) -> int:
        """Return the number of the next hit."""
        return next(self._numbers)

    def append(self, hit: Hit, says: Says = Says.HIT) -> None:
        """Write one line; raises OSError when it could not be written whole."""
        line = written(Line(says, hit))
        with self._lock:
            if self._handle < 0:
                self._open()
            taken = os.write(self._handle, line)
            self._size += taken
            self._dirty = True
            if taken < len(line) or self._size > LARGEST:
                # A line that was cut off ends its segment: the next one begins whole.
                self._close()
        if taken < len(line):
            raise OSError("the disk took only a part of a line")

    def sync(self) -> None:
        """Force what was written to the disk."""
        with self._lock:
            if not self._dirty:
                return
            handle, self._dirty = os.dup(self._handle), False
        try:
            os.fdatasync(handle)
        finally:
            os.close(handle)

    def rotate(self) -> None:
        """End a segment that is older than ten minutes, so that it is read to its end and removed."""
        with self._lock:
            if time.monotonic() - self._opened > OLDEST:
                self._close()

    def close(self) -> None:
        """End the present segment; another line would begin a new one."""
        with self._lock:
            self._close()

    def _open(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self.folder / f"{self.process}-{next(self._segments):06}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_EXCL | os.O_CLOEXEC
        handle = os.open(made, flags, 0o600)
        # Locked before anybody finds it: an unlocked segment is a dead owner's, and is removed.
        fcntl.flock(handle, fcntl.LOCK_EX)
        made.rename(made.with_suffix(SUFFIX))
        self._handle, self._size, self._opened = handle, 0, time.monotonic()

    def _close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle, self._dirty = -1, False
