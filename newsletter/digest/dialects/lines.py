"""Lines of a body: each with its place in the file, and those that a lift adds to the author's own."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from newsletter.digest.author_text import ADDED_LINE
from newsletter.digest.code_spans import fences
from newsletter.digest.dialects.dialect import Lifted
from newsletter.findings import Finding

BREAK = ADDED_LINE
# No line with a tag alone in it is set in deeper than this.
DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a body: its text, its line in the file, whether it is code."""

    text: str
    number: int
    is_code: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it."""
        return not self.text.strip()

    def saying(self, text: str) -> "Line":
        """Return another line at the same place."""
        return Line(text, self.number, self.is_code)


def lines_of(lifted: Lifted) -> list[Line]:
    """Return a body line by line."""
    is_code: list[bool] = []
    for piece in fences(lifted.text):
        is_code += [piece.is_code] * piece.text.count("\n")
    texts = lifted.text.split("\n")
    is_code += [False] * (len(texts) - len(is_code))
    return [
        Line(text, lifted.line(number), code)
        for number, (text, code) in enumerate(zip(texts, is_code, strict=True), 1)
    ]


def added(text: str) -> str:
    """Return the text of another file, its lines as lines that are added."""
    return text.strip("\n").replace("\n", BREAK)


def settled(text: str, findings: Sequence[Finding] = ()) -> Lifted:
    """Return a lifted text in which what was added stands in lines of its own."""
    if BREAK not in text:
        return Lifted(text, tuple(findings))
    lines = [number for number, line in enumerate(text.split("\n"), 1) for _ in line.split(BREAK)]
    return Lifted(text.replace(BREAK, "\n"), tuple(findings), tuple(lines))


def composed(first: Lifted, second: Lifted) -> Lifted:
    """Return what a lift made of a text that another one had made, with lines of the file."""
    findings = [replace(one, line=one.line and first.line(one.line)) for one in second.findings]
    count = second.text.count("\n") + 1 if first.lines else 0
    lines = second.lines or range(1, count + 1)
    return Lifted(
        second.text, (*first.findings, *findings), tuple(first.line(line) for line in lines)
    )


def line_numbers(text: str) -> Callable[[int], int]:
    """Return a function that tells the line (from 1) of a place in a text."""
    starts = [0]
    while at := text.find("\n", starts[-1]) + 1:
        starts.append(at)
    return lambda place: bisect_right(starts, place)


def is_alone(text: str, start: int, end: int) -> bool:
    """Return whether nothing but blanks stands beside a piece of text in its line."""
    before = text[max(0, start - DEEPEST) : start].rpartition("\n")
    after = text[end : end + DEEPEST].partition("\n")
    return (
        not (before[2] + after[0]).strip(" \t>")
        and (bool(before[1]) or start <= DEEPEST)
        and (bool(after[1]) or end + DEEPEST >= len(text))
    )
