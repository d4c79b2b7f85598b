"""Two things timed side by side: a ratio that a busy machine changes little."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

Seconds = float


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long the subject takes as its yardstick, and the most it may.

    `ratio` is the median over the rounds, `low` and `high` bound the middle eight tenths of them.
    The medians of both are CPU time in milliseconds.
    """

    name: str
    ratio: float
    low: float
    high: float
    target: float
    subject_ms: float
    yardstick_ms: float
    rounds: int

    @property
    def held(self) -> bool:
        """Whether the target is met."""
        return self.ratio <= self.target

    def as_json(self) -> str:
        """Return it as one line."""
        return json.dumps(asdict(self))


def compare(
    name: str,
    subject: Callable[[], Seconds],
    yardstick: Callable[[], Seconds],
    *,
    target: float,
    rounds: int,
) -> Ratio:
    """Run both in turn, who is first changing each round; each returns the CPU seconds it took.

    Once beforehand, uncounted: what is read and compiled once in a process is not what is timed.
    """
    subject(), yardstick()
    pairs = [_pair(subject, yardstick, swapped=bool(at % 2)) for at in range(rounds)]
    return summed_up(name, pairs, target=target)


def summed_up(name: str, pairs: Sequence[tuple[Seconds, Seconds]], *, target: float) -> Ratio:
    """Return what pairs of a subject's and its yardstick's seconds come to."""
    ratios = sorted(taken / bare for taken, bare in pairs)
    edge = len(pairs) // 10
    return Ratio(
        name=name,
        ratio=round(statistics.median(ratios), 3),
        low=round(ratios[edge], 3),
        high=round(ratios[-1 - edge], 3),
        target=target,
        subject_ms=_median_ms([taken for taken, _ in pairs]),
        yardstick_ms=_median_ms([bare for _, bare in pairs]),
        rounds=len(pairs),
    )


def _pair(
    subject: Callable[[], Seconds], yardstick: Callable[[], Seconds], *, swapped: bool
) -> tuple[Seconds, Seconds]:
    if swapped:
        bare = yardstick()
        return subject(), bare
    return subject(), yardstick()


def _median_ms(taken: Sequence[Seconds]) -> float:
    return round(statistics.median(taken) * 1000, 4)
