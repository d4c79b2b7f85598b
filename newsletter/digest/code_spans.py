"""Tells code from prose in Markdown that is not parsed yet: fences, and spans between backticks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.digest.author_text import ADDED_LINE, HIDDEN_CODE

FENCE = re.compile(r"[ \t>]*(?:[-*+] +|\d+[.)] +)?(`{3,}|~{3,})(.*)")
LINE = re.compile(f"[^\n{ADDED_LINE}]*[\n{ADDED_LINE}]|[^\n{ADDED_LINE}]+")
TICKS = re.compile(r"`+")
HIDDEN = re.compile(rf"{HIDDEN_CODE}(\d+){HIDDEN_CODE}")


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
    start = following = 1
    for line in LINE.findall(body):
        number = following
        following += line[-1] == "\n"
        mark = FENCE.match(line)
        if fence:
            yield Piece(line, True, number)
            start = following
            if mark and mark[1].startswith(fence) and not mark[2].strip(f" \t{ADDED_LINE}"):
                fence = ""
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            yield Piece("".join(held), False, start)
            held.clear()
            yield Piece(line, True, number)
            start = following
            fence = mark[1]
        else:
            held.append(line)
            if not line.strip(f" \t\n{ADDED_LINE}"):
                yield Piece("".join(held), False, start)
                held.clear()
                start = following
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


class Hidden:
    """A body whose code is out of sight, so that prose can be rewritten across it.

    Each span of code, and each line of a block without what it is set in by, is a short mark in
    `text`; lines keep their numbers.
    """

    def __init__(self, body: str) -> None:
        self._codes: list[str] = []
        # The lines of those that are spans, and whole.
        self._spans: dict[int, int] = {}
        self.text = "".join(self._hide(piece) for piece in fences(body))

    def _hide(self, piece: Piece) -> str:
        if piece.is_code:
            return self._mark(piece.text)
        if "`" not in piece.text:
            return piece.text
        parts = []
        for span in _spans(piece):
            if not span.is_code:
                parts.append(span.text)
            elif "\n" in span.text:
                parts.append("\n".join(map(self._mark, span.text.split("\n"))))
            else:
                self._spans[len(self._codes)] = span.line
                parts.append(self._mark(span.text))
        return "".join(parts)

    def _mark(self, code: str) -> str:
        inside = code.strip(f" \t\n{ADDED_LINE}")
        if not inside:
            return code
        before, _, after = code.partition(inside)
        self._codes.append(inside)
        return f"{before}{HIDDEN_CODE}{len(self._codes) - 1}{HIDDEN_CODE}{after}"

    def code(self, number: int | str) -> str:
        """Return the code that a mark stands for, with its backticks."""
        return self._codes[int(number)]

    def shown(self, text: str, rewrite: Callable[[str, int], str] | None = None) -> str:
        """Return a text with the code in the place of its marks.

        `rewrite` is handed each span and the line (from 1) that it stands in.
        """

        def show(mark: re.Match[str]) -> str:
            number = int(mark[1])
            code = self._codes[number]
            line = self._spans.get(number)
            return code if line is None or rewrite is None else rewrite(code, line)

        return HIDDEN.sub(show, text)
