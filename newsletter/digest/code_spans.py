"""Tells code from prose in Markdown that is not parsed yet: fences, and spans between backticks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"[ \t>]*(?:[-*+] +|\d+[.)] +)?(`{3,}|~{3,})(.*)")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
TICKS = re.compile(r"`+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a body: its text, whether it is code, and the line (from 1) it begins in."""

    text: str
    is_code: bool
    line: int


def fences(body: str) -> Iterator[Piece]:
    """Cut a body into fenced code, line by line, and the prose between, a paragraph a piece.

    Joined they are the body again.
    """
    fence = ""
    held: list[str] = []
    start = 1
    for number, line in enumerate(LINE.findall(body), 1):
        mark = FENCE.match(line)
        if fence:
            yield Piece(line, True, number)
            start = number + 1
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            yield Piece("".join(held), False, start)
            held.clear()
            yield Piece(line, True, number)
            start = number + 1
            fence = mark[1]
        else:
            held.append(line)
            if not line.strip():
                yield Piece("".join(held), False, start)
                held.clear()
                start = number + 1
    yield Piece("".join(held), False, start)


def pieces(body: str) -> Iterator[Piece]:
    """Cut a body into code, fenced or between backticks, and prose; joined they are the body."""
    for piece in fences(body):
        if piece.is_code or "`" not in piece.text:
            yield piece
        else:
            yield from _spans(piece)


def _spans(prose: Piece) -> Iterator[Piece]:
    text, line, at = prose.text, prose.line, 0
    # Where the last run of each length begins: what opens after it is never closed.
    last = {len(run[0]): run.start() for run in TICKS.finditer(text)}
    opening = TICKS.search(text)
    while opening:
        end = end_of_span(text, opening, last)
        if end > opening.end():
            yield Piece(text[at : opening.start()], False, line)
            line += text.count("\n", at, opening.start())
            yield Piece(text[opening.start() : end], True, line)
            line += text.count("\n", opening.start(), end)
            at = end
        opening = TICKS.search(text, end)
    yield Piece(text[at:], False, line)


def end_of_span(text: str, opening: re.Match[str], last: dict[int, int]) -> int:
    """Return where the code that these backticks open ends; right after them when it does not.

    `last` tells, by the length of a run of backticks, where the last one in `text` begins.
    """
    length = len(opening[0])
    if last[length] > opening.start():
        for run in TICKS.finditer(text, opening.end()):
            if len(run[0]) == length:
                return run.end()
    return opening.end()
