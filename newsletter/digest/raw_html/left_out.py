"""What raw HTML held that no mail can: remembered while reading, told as findings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from newsletter.findings import Finding

MOST_LINES = 8
# What each code says, and what an author can do about it.
SAYINGS = {
    "embed": (
        "{what} plays in no mail and stands as a link",
        "Look whether the link says what is behind it; a `title` on the frame is its words.",
    ),
    "script": (
        "The script {what} runs in no mail",
        "Say in words what it shows, or link to it.",
    ),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of raw HTML that is not in the mail as it was written; `line` counts from 0."""

    code: str
    what: str
    line: int


def findings(
    left_out: Iterable[LeftOut], path: Path, line_of: Callable[[int], int]
) -> tuple[Finding, ...]:
    """Return a finding for each thing that was left out, with the lines of all that are alike.

    `line_of` tells the line of the file, from 1, by the line that was parsed, from 1.
    """
    lines: dict[tuple[str, str], list[int]] = {}
    for one in left_out:
        lines.setdefault((one.code, one.what), []).append(line_of(one.line + 1))
    return tuple(_finding(code, what, at, path) for (code, what), at in lines.items())


def _finding(code: str, what: str, lines: list[int], path: Path) -> Finding:
    saying, mend = SAYINGS[code]
    told = ", ".join(map(str, lines[:MOST_LINES]))
    times = f" ({len(lines)} times: lines {told})" if lines[1:] else ""
    return Finding(code, f"{saying.format(what=what)}{times}.", mend, path, lines[0])
