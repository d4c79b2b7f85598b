"""The limits of this house, as settings say them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# A claim is at most so many seconds' worth: goodbyes are read again at the next one, and a
# provider that goes message by message is not to get them in one burst.
SECONDS_A_CALL = 30.0
SECONDS_STEPWISE = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Recipients a second, in all and at single domains; recipients a day, and while warming up.

    `warm_up` holds the most of the first day on which anything is sent, of the second, and so on.
    """

    rate: float | None = None
    domains: Mapping[str, float] = field(default_factory=dict)
    quota: int | None = None
    warm_up: Sequence[int] = ()

    @property
    def counts_days(self) -> bool:
        """Whether a day has a most of its own."""
        return bool(self.quota or self.warm_up)

    def of_day(self, number: int) -> int | None:
        """Return how many recipients the day of this number (from 0) may have, None for any."""
        warm = self.warm_up[number] if number < len(self.warm_up) else None
        known = [one for one in (warm, self.quota) if one is not None]
        return min(known) if known else None

    def rate_of(self, lane: str, over: float | None = None) -> float | None:
        """Return the recipients a second of a lane (a domain, or empty), None for any."""
        known = [one for one in (self.rate, self.domains.get(lane), over) if one]
        return min(known) if known else None

    def size(self, most: int, *, stepwise: bool, lane: str = "", over: float | None = None) -> int:
        """Return how many recipients a batch may have at such a rate."""
        rate = self.rate_of(lane, over)
        if rate is None:
            return most
        return max(1, min(most, int(rate * (SECONDS_STEPWISE if stepwise else SECONDS_A_CALL))))


NO_LIMITS = Limits()
