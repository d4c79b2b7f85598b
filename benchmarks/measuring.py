"""Two things timed side by side: a ratio that a busy machine changes little."""

import gc
import json
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

Seconds = float


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long the subject takes as its yardstick, and the most it may.

    `ratio` is the median over the rounds, `low` and `high` bound the middle eight tenths of them.
    The medians of both are CPU time in milliseconds. With `at_least` it says instead how quick the
    subject is, as a share of its yardstick: `low` and `high` are then the 95 % interval of the
    median, and `low` must reach the target.
    """

    name: str
    ratio: float
    low: float
    high: float
    target: float
    subject_ms: float
    yardstick_ms: float
    rounds: int
    at_least: bool = False

    @property
    def held(self) -> bool:
        """Whether the target is met."""
        return self.low >= self.target if self.at_least else self.ratio <= self.target

    def as_json(self) -> str:
        """Return it as one line."""
        return json.dumps(asdict(self))


def as_in_the_command() -> None:
    """Let Python look for cycles as seldom as the command does, and not through the libraries."""
    # Only here: whoever measures memory has no use for a command line.
    from newsletter.cli.command import COLLECT_EVERY

    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)


def compare(
    name: str,
    subject: Callable[[], Seconds],
    yardstick: Callable[[], Seconds],
    *,
    target: float,
    rounds: int,
    at_least: bool = False,
) -> Ratio:
    """Run both in turn, who is first changing each round; each returns the CPU seconds it took.

    Once beforehand, uncounted: what is read and compiled once in a process is not what is timed.
    """
    subject(), yardstick()
    pairs = [_pair(subject, yardstick, swapped=bool(at % 2)) for at in range(rounds)]
    return summed_up(name, pairs, target=target, at_least=at_least)


def summed_up(
    name: str,
    pairs: Sequence[tuple[Seconds, Seconds]],
    *,
    target: float,
    at_least: bool = False,
) -> Ratio:
    """Return what pairs of a subject's and its yardstick's seconds come to."""
    ratios = sorted(bare / taken if at_least else taken / bare for taken, bare in pairs)
    edge = _outside(len(pairs)) if at_least else len(pairs) // 10
    return Ratio(
        name=name,
        ratio=round(statistics.median(ratios), 3),
        low=round(ratios[edge], 3),
        high=round(ratios[-1 - edge], 3),
        target=target,
        subject_ms=_median_ms([taken for taken, _ in pairs]),
        yardstick_ms=_median_ms([bare for _, bare in pairs]),
        rounds=len(pairs),
        at_least=at_least,
    )


def _outside(count: int) -> int:
    """Return how many of so many sorted values lie on each side of their median's 95 % interval.

    By the order of values alone, whatever they are distributed like: each lies above the median
    as likely as below it.
    """
    below, outside = 0, 0
    while (below := below + math.comb(count, outside)) <= 0.025 * 2**count:
        outside += 1
    return max(0, outside - 1)


def _pair(
    subject: Callable[[], Seconds], yardstick: Callable[[], Seconds], *, swapped: bool
) -> tuple[Seconds, Seconds]:
    if swapped:
        bare = yardstick()
        return subject(), bare
    return subject(), yardstick()


def _median_ms(taken: Sequence[Seconds]) -> float:
    return round(statistics.median(taken) * 1000, 4)
