"""How much is tried: a little in `make test`, all that fits into half an hour in `make faults`.

Everything random comes from one seed, which is printed: `BROADSHEET_SEED=17 make faults`.
`BROADSHEET_MINUTES` is the time for what is tried again and again, 20 unless told; what is tried
once takes some ten minutes more. What did not fit is told.
"""

import os
import random
import time
from collections.abc import Callable, Iterator

LONG = os.environ.get("BROADSHEET_FAULTS") == "long"
MINUTES = float(os.environ.get("BROADSHEET_MINUTES", "20"))
# How many seconds one test may take.
LIMIT = 1800 if LONG else 240
SEED = int(os.environ.get("BROADSHEET_SEED", "2026"))

FIBONACCI = (1, 3, 8, 21, 55, 144, 377, 987)


def dice(*what: object) -> random.Random:
    """Return a generator of its own for each thing that is tried."""
    return random.Random(f"{SEED} {what}")  # noqa: S311 (no secret)


def in_time(share: float) -> Callable[[], bool]:
    """Return a question: whether a test's share of the whole time is not over; the short form has
    amounts instead, and its answer is always yes.
    """
    end = time.monotonic() + share * MINUTES * 60
    return lambda: not LONG or time.monotonic() < end


class Points:
    """The numbers of the calls at which something breaks: some everywhere, then all between.

    `beyond(number)`: there is no such call.
    """

    def __init__(self, share: float, *what: object) -> None:
        self._in_time = in_time(share)
        self._dice = dice(*what)
        self._most = FIBONACCI[-1]
        self.tried: list[int] = []

    def __iter__(self) -> Iterator[int]:
        """Yield each number once, until the time is over."""
        for number in FIBONACCI:
            if number <= self._most:
                yield number
        if LONG:
            between = sorted(set(range(1, self._most + 1)) - set(FIBONACCI))
            self._dice.shuffle(between)
            for number in between:
                if self._in_time():
                    yield number

    def hit(self, number: int) -> None:
        """Note that something broke at this call."""
        self.tried.append(number)

    def beyond(self, number: int) -> None:
        """Note that the run was over before this call."""
        self._most = min(self._most, number - 1)

    def __str__(self) -> str:
        """Say how many of how many, and which."""
        most = max(self.tried, default=0)
        return f"{len(self.tried)} times in some {most} calls, at {sorted(self.tried)}"


def told(line: str) -> None:
    """Print a line of figures; `make faults` shows them."""
    print(f"\n[faults] {line}", flush=True)
