"""What several opens and clicks of one hand show together, within a minute (RULES M-1)."""

from collections.abc import Sequence

PIXEL = 0
# Nobody reads a mail and presses a link so soon after it left.
EARLY_MS = 10_000
KEPT_MS = 60_000
BURST_MS = 2_000
BURST = 3
# The words of the rules below.
TOGETHER = frozenset(("same-hand", "burst", "every-link"))


def shown(seen: Sequence[tuple[int, int]], links: int, *, has_machine: bool) -> str:
    """Return the word of the rule by which all of them are a machine's, or nothing.

    `seen` is (Unix milliseconds, link or PIXEL) of each, `links` how many links of the issue are
    counted; `has_machine`: one of the clicks was a machine's by itself.
    """
    if has_machine:
        return "same-hand"
    if _is_burst(seen):
        return "burst"
    clicked = {link for _, link in seen if link != PIXEL}
    return "every-link" if len(clicked) >= max(links, BURST) else ""


def _is_burst(seen: Sequence[tuple[int, int]]) -> bool:
    """Return whether three different things were asked for within two seconds."""
    hits = sorted(seen)
    start = 0
    for end, (at, _) in enumerate(hits):
        while at - hits[start][0] > BURST_MS:
            start += 1
        if len({link for _, link in hits[start : end + 1]}) >= BURST:
            return True
    return False
