"""Cuts a template into text, outputs (`{{ … }}`) and tags (`{% … %}`); nothing is evaluated yet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from newsletter.digest.code_spans import pieces

OPENING = re.compile(r"\{\{|\{%")
NAME = re.compile(r"[\w.-]+|#")
# A tag that is longer is none: somebody wrote two braces and never closed them.
LONGEST = 4_000
# What stands between these and their end is no template.
VERBATIM = ("raw", "verbatim")
HIDDEN = ("comment",)
# How far to look for other words on a tag's line.
AROUND = 200


class Kind(Enum):
    """What a mark is."""

    TEXT = "text"
    OUTPUT = "output"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a template: as written, and what stands between the braces.

    `start` is its offset in the template, `line` its line from 1, `is_code` whether it stands in a
    fence or between backticks, `is_raw` whether it is text that says not to be run; `is_first` and `is_last` whether only blanks stand before it or
    after it in its line.
    """

    kind: Kind
    written: str
    inner: str
    start: int
    line: int
    is_code: bool = False
    is_raw: bool = False
    is_first: bool = False
    is_last: bool = False

    @property
    def name(self) -> str:
        """A tag's name, empty when it has none."""
        found = NAME.match(self.inner)
        return found[0] if found else ""

    @property
    def markup(self) -> str:
        """What follows a tag's name."""
        return self.inner[len(self.name) :].strip()


def lex(template: str) -> list[Mark]:
    """Return the marks of a template in order; comments are gone, raw parts are text."""
    return list(_Lexer(template).marks())


class _Lexer:
    def __init__(self, template: str) -> None:
        self.text = template
        self.at = 0
        self.line = 1
        self.trims = False
        self.code = _code(template)
        # Where the next end of each kind is, and which blocks were found to have none.
        self.ends: dict[str, int] = {}
        self.endless: set[str] = set()

    def marks(self) -> Iterator[Mark]:
        looked = 0
        while opening := OPENING.search(self.text, max(self.at, looked)):
            start = opening.start()
            end = self._find("}}" if opening[0] == "{{" else "%}", opening.end())
            if end < 0:
                looked = opening.end()
                continue
            written = self.text[start : end + 2]
            yield from self._text(start, trims_end=written[2:3] == "-")
            mark = self._mark(written)
            self._skip(end + 2)
            self.trims = written[-3:-2] == "-" and len(written) > 4
            if mark.kind is Kind.TAG and mark.name in VERBATIM + HIDDEN:
                yield from self._to_the_end_of(mark)
            else:
                yield mark
        yield from self._text(len(self.text))

    def _text(self, end: int, trims_end: bool = False) -> Iterator[Mark]:
        start, line = self.at, self.line
        text = self.text[start:end]
        self._skip(end)
        if self.trims and text:
            bare = text.lstrip()
            cut = len(text) - len(bare)
            line += text.count("\n", 0, cut)
            start, text = start + cut, bare
        if trims_end:
            text = text.rstrip()
        if text:
            self.trims = False
            yield Mark(Kind.TEXT, text, text, start, line)

    def _mark(self, written: str) -> Mark:
        start, end = self.at, self.at + len(written)
        inner = written[2:-2].removeprefix("-").removesuffix("-").strip()
        before = self.text[max(0, start - AROUND) : start].rpartition("\n")
        after = self.text[end : end + AROUND].partition("\n")
        return Mark(
            Kind.OUTPUT if written[1] == "{" else Kind.TAG,
            written,
            inner,
            start,
            self.line,
            is_code=next(self.code_at(start)),
            is_first=not before[2].strip(),
            is_last=not after[0].strip(),
        )

    def code_at(self, offset: int) -> Iterator[bool]:
        """Yield whether an offset lies in code; offsets only grow."""
        while self.code and self.code[-1][1] <= offset:
            self.code.pop()
        yield bool(self.code) and self.code[-1][0] <= offset

    def _to_the_end_of(self, opening: Mark) -> Iterator[Mark]:
        """Yield what is shown of a raw part or of a comment, and go past it."""
        start, line = self.at, self.line
        ending = re.compile(rf"\{{%-?\s*end{opening.name}\b[^%]*%\}}")
        found = None
        if opening.name not in self.endless:
            found = ending.search(self.text, start)
        if found is None:
            self.endless.add(opening.name)
            yield opening
            return
        self.trims = found[0][-3:-2] == "-"
        self._skip(found.end())
        shown = self.text[start : found.start()]
        if opening.name in VERBATIM and shown:
            yield Mark(Kind.TEXT, shown, shown, start, line, opening.is_code, is_raw=True)

    def _find(self, ending: str, start: int) -> int:
        """Return where a tag that opened before `start` ends, -1 when it is none."""
        if self.ends.get(ending, -1) < start:
            found = self.text.find(ending, start)
            self.ends[ending] = found if found >= 0 else len(self.text)
        found = self.ends[ending]
        return found if found < min(start + LONGEST, len(self.text)) else -1

    def _skip(self, end: int) -> None:
        self.line += self.text.count("\n", self.at, end)
        self.at = end


def _code(template: str) -> list[tuple[int, int]]:
    """Return the code's offsets, the last first."""
    found: list[tuple[int, int]] = []
    at = 0
    for piece in pieces(template):
        if piece.is_code:
            found.append((at, at + len(piece.text)))
        at += len(piece.text)
    return found[::-1]
