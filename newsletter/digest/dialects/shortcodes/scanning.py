"""Walks through a body from tag to tag, past all that is code."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.digest.code_spans import TICKS, end_of_span, fences
from newsletter.digest.dialects.shortcodes.lifting import Role, Span, Tag

# A tag that is longer is none: somebody wrote two braces and never closed them.
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a generator's tags are written.

    `begins` matches where a tag may begin. `read(body, start, line)` returns the tag there, or
    what is shown in its place (a tag that the author escaped), and where it ends; None for what
    is no tag. `shown` takes the marks of an escape off, also in code. `verbatim` matches the
    closing tags between which nothing is Markdown, the tag's name in its first group.
    """

    begins: re.Pattern[str]
    read: Callable[[str, int, int], tuple[Tag | str, int] | None]
    shown: Callable[[str], str]
    verbatim: re.Pattern[str] | None = None


def scanned(body: str, syntax: Syntax) -> list[Span | Tag]:
    """Return the tags of a body and the words and code between them, in order."""
    return list(_Scan(body, syntax).parts())


class _Scan:
    def __init__(self, body: str, syntax: Syntax) -> None:
        self.body = body
        self.syntax = syntax
        self.at = 0
        self.line = 1
        self.tag_or_ticks = re.compile(f"{TICKS.pattern}|{syntax.begins.pattern}")
        closings = syntax.verbatim.finditer(body) if syntax.verbatim else ()
        # Where the last closing tag of each name begins: what opens after it is never closed.
        self.last_closings = {found[1]: found.start() for found in closings}

    def parts(self) -> Iterator[Span | Tag]:
        start = 0
        for piece in fences(self.body):
            end = start + len(piece.text)
            if not piece.is_code:
                yield from self._prose(end)
            elif self.at <= start:
                yield from self._upto(end)
            start = end
        yield from self._upto(len(self.body))

    def _upto(self, end: int) -> Iterator[Span]:
        """Yield what stands before a place and was not yielded yet."""
        if end > self.at:
            yield Span(self.syntax.shown(self.body[self.at : end]), self.line)
            self._pass(end)

    def _pass(self, end: int) -> None:
        self.line += self.body.count("\n", self.at, end)
        self.at = end

    def _prose(self, end: int) -> Iterator[Span | Tag]:
        ticks = {len(run[0]): run.start() for run in TICKS.finditer(self.body, self.at, end)}
        look, line, counted = self.at, self.line, self.at
        while look < end and (found := self.tag_or_ticks.search(self.body, look, end)):
            if found[0][0] == "`":
                look = end_of_span(self.body, found, ticks)
                continue
            # From where it was counted last: what only looks like a tag may stand there thousands of times.
            line += self.body.count("\n", counted, found.start())
            counted = found.start()
            read = self.syntax.read(self.body, found.start(), line)
            if read is None:
                look = found.end()
                continue
            part, look = read
            yield from self._upto(found.start())
            yield Span(part, line) if isinstance(part, str) else part
            self._pass(look)
            if isinstance(part, Tag):
                look = self._closing(part)
                yield from self._upto(look)
        yield from self._upto(end)

    def _closing(self, tag: Tag) -> int:
        """Return where the words end that are a tag's own, its end where it has none."""
        verbatim = self.syntax.verbatim
        unclosed = self.last_closings.get(tag.name, -1) < tag.end
        if verbatim is None or tag.role is not Role.OPENING or unclosed:
            return tag.end
        found = verbatim.search(self.body, tag.end)
        while found and found[1] != tag.name:
            found = verbatim.search(self.body, found.end())
        return found.start() if found else tag.end
