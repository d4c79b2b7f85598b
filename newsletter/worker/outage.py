"""A database that is away: the threads of a worker wait for it, and go on where they were."""

import threading
import time
from collections.abc import Callable

# Who waits for an end, at a terminal or in a pipeline, waits so long for the database.
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.5


class Outage:
    """What the threads of one process know of their database; shared by them."""

    def __init__(self, *, patience: float | None, tell: Callable[[str], None] | None) -> None:
        """Take how long to bear it (None: for ever), and whom to tell once an outage."""
        self._patience = patience
        self._tell = tell
        self._lock = threading.Lock()
        self._since: float | None = None

    def bear(self, error: Exception) -> None:
        """Note that the database was not there; raises the error when patience is over."""
        with self._lock:
            clock = time.monotonic()
            if self._since is None:
                self._since = clock
                if self._tell is not None:
                    self._tell(f"the database is away: {_told(error)}; waiting for it")
            elif self._patience is not None and clock - self._since > self._patience:
                raise error

    def over(self) -> None:
        """Note that the database answers."""
        if self._since is not None:
            with self._lock:
                self._since = None


def _told(error: Exception) -> str:
    lines = str(getattr(error, "orig", error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__
