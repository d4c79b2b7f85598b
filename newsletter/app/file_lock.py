"""A lock between processes on one machine; the kernel lets go of it when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """A file that one process holds; it says who."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self, name: str, *, wait: bool = False) -> bool:
        """Take the lock and write our name into it; return False when another has it."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(file)
            return False
        os.truncate(file, 0)
        os.pwrite(file, name.encode(), 0)
        self._file = file
        return True

    def release(self) -> None:
        """Let go; harmless when it is not held."""
        if self._file is not None:
            # The file stays: were it removed, two processes could hold two files of one name.
            os.close(self._file)
            self._file = None

    def is_held(self) -> bool:
        """Return whether some process holds it; whoever wants it at this very instant waits."""
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def holder(self) -> str:
        """Return the name that the holder wrote, or an empty string."""
        try:
            return self._path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of this file, waiting for it."""
    lock = FileLock(path)
    lock.acquire(str(os.getpid()), wait=True)
    try:
        yield
    finally:
        lock.release()
