"""How long to wait for a provider that is away: longer each time, and never all at once."""

import random
import threading
import time

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 600.0
PERSISTS = 3


class Patience:
    """What the threads of one process know of the provider; shared, so that one learns for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    @property
    def quiet(self) -> bool:
        """Whether it is too early to call again."""
        return time.monotonic() < self._until

    @property
    def worn_out(self) -> bool:
        """Whether the outage persists, so that the issue is held and a person can see it."""
        return self._failures >= PERSISTS

    def failed(self, retry_after: float | None) -> float:
        """Count a call that reached nobody and return the seconds to wait.

        The provider's own word counts; else it doubles from a second to ten minutes, less a
        random part, so that many workers do not come back at once. Calls that were under way
        together and fail together are one failure.
        """
        with self._lock:
            clock = time.monotonic()
            if clock >= self._until:
                self._failures += 1
                doubled = min(FIRST_SECONDS * 2 ** (self._failures - 1), LONGEST_SECONDS)
                self._until = clock + doubled * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
                if retry_after is not None:
                    self._until = clock + retry_after
            elif retry_after is not None:
                self._until = max(self._until, clock + retry_after)
            return self._until - clock

    def answered(self) -> None:
        """Forget the failures: the provider is there."""
        with self._lock:
            self._failures = 0
            self._until = 0.0
