"""Puts Markdown in the place of tags: finds what belongs together, and where it stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from newsletter.digest.author_text import CONTAINER_OPENING
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.shortcodes.call import (
    Bundle,
    Call,
    Inner,
    Show,
    Shown,
    instead,
)
from newsletter.digest.dialects.shortcodes.placing import BLANK, Placing
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.dialects.written import link, words

# What may stand before a block: indentation, marks of quotes and of a list's item.
BEFORE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)?")
LONGEST_BEFORE = 100
END_OF_LINE = re.compile(r"[ \t]*(?:\n|\Z)")
INDENT = re.compile(r"\n([ \t]*)\S")
FIRST_LINE = re.compile(r"[ \t]*\n")
# Nobody nests tags deeper; below this they go, and their words stay.
DEEPEST = 20
# A short tag can stand for much; an honest post is far below this.
MOST_MADE = 400_000
# Arguments by which tags that nobody knows still say something to readers.
SPOKEN = ("title", "caption", "label", "text", "summary", "alt")


class Role(Enum):
    """Whether a tag may have a partner, and which side of it this one is."""

    SINGLE = "single"
    OPENING = "opening"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Span:
    """Words and code between tags, as they are shown; `line` is where they begin."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag from `start` to `end` in the body; a closing one without a name closes the last."""

    name: str
    start: int
    end: int
    line: int
    role: Role
    positional: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Open:
    """A tag whose partner is still to come."""

    shown: Shown
    partner: int
    indent: str


def lift(body: str, parts: Sequence[Span | Tag], page: Page, show: Show) -> Lifted:
    """Return the body with Markdown in the place of its tags, and what was not understood.

    `show` says what a tag becomes, None for one that it does not know: then the words between
    its ends stay, or what its arguments say to readers, or a link to the post.
    """
    return _Lifting(body, parts, page, show).lifted()


def partners(parts: Sequence[Span | Tag]) -> dict[int, int]:
    """Return for each opening tag that is closed the index of its closing one."""
    found: dict[int, int] = {}
    still_open: list[int] = []
    waiting: dict[str, int] = {}
    for index, part in enumerate(parts):
        if not isinstance(part, Tag) or part.role is Role.SINGLE:
            continue
        if part.role is Role.OPENING:
            still_open.append(index)
            waiting[part.name] = waiting.get(part.name, 0) + 1
        elif still_open and (not part.name or waiting.get(part.name)):
            while True:
                opened = still_open.pop()
                name = _name(parts[opened])
                waiting[name] -= 1
                if part.name in ("", name):
                    found[opened] = index
                    break
    return found


def _name(part: Span | Tag) -> str:
    return part.name if isinstance(part, Tag) else ""


class _Lifting:
    def __init__(self, body: str, parts: Sequence[Span | Tag], page: Page, show: Show) -> None:
        self.body = body
        self.parts = parts
        self.page = page
        self.bundle = Bundle(page.path.parent)
        self.show = show
        self.partners = partners(parts)
        self.placing = Placing()
        self.unknown = Unknown()
        self.open: list[_Open] = []

    def lifted(self) -> Lifted:
        index = 0
        while index < len(self.parts):
            part = self.parts[index]
            if isinstance(part, Span):
                self.placing.source(part.text, part.line)
            elif part.role is not Role.CLOSING:
                index = self._opened(part, index)
            elif self.open and self.open[-1].partner == index:
                self._closed(part)
            index += 1
        text, lines = self.placing.done()
        return Lifted(text, self.unknown.findings(self.page.path), lines)

    def _opened(self, tag: Tag, index: int) -> int:
        """Write what stands for a tag; return the index of the last part that this used up."""
        partner = self.partners.get(index, index)
        last = self.parts[partner]
        end = last.end if isinstance(last, Tag) else tag.end
        closing = last.start if isinstance(last, Tag) and partner > index else None
        inner = None if closing is None else self.body[tag.end : closing]
        before = self._before(tag)
        is_alone = before is not None and END_OF_LINE.match(self.body, end) is not None
        is_alone = is_alone or (inner is not None and "\n" in inner)
        call = Call(tag.name, self.page, tag.positional, tag.named, inner, is_alone, self.bundle)
        shown = self._shown(call, tag.line)
        indent = "".join(one if one == ">" else " " for one in before or "")
        self._write_before(shown, tag, indent, before)
        if inner is not None and shown.inner is Inner.LIFTED:
            self._enter(shown, tag, indent, inner)
            self.open.append(_Open(shown, partner, indent))
            return index
        if inner is not None and shown.inner is Inner.VERBATIM:
            self._verbatim(tag, inner)
        self._write_after(shown, end, last.line, indent)
        return partner

    def _closed(self, tag: Tag) -> None:
        opened = self.open.pop()
        shown = opened.shown
        if shown.is_block:
            self.placing.leave()
        self._write_after(shown, tag.end, tag.line, opened.indent)

    def _shown(self, call: Call, line: int) -> Shown:
        if len(self.open) >= DEEPEST:
            self.unknown.add(call.name, line)
            return Shown()
        shown = self.show(call) if self.placing.made < MOST_MADE else None
        if shown is None:
            self.unknown.add(call.name, line)
            return _unknown(call)
        if shown.left_out:
            self.unknown.leave(call.name, line)
        if shown.missing:
            self.unknown.miss(shown.missing, line)
        return shown

    def _before(self, tag: Tag) -> str | None:
        """Return what stands before a tag in its line when a block may follow it."""
        start = self.body.rfind("\n", max(0, tag.start - LONGEST_BEFORE), tag.start) + 1
        if not start and tag.start > LONGEST_BEFORE:
            return None
        found = BEFORE.fullmatch(self.body, start, tag.start)
        return found[0] if found else None

    def _write_before(self, shown: Shown, tag: Tag, indent: str, before: str | None) -> None:
        # An item of a list may begin with a block; whatever else stands before it ends there.
        if shown.is_block and (before is None or not before.strip(BLANK)):
            is_box = shown.before.startswith(CONTAINER_OPENING)
            self.placing.own_line(tag.line, indent, below_blank=not is_box)
        self.placing.own(shown.before, tag.line, indent)

    def _enter(self, shown: Shown, tag: Tag, indent: str, inner: str) -> None:
        if shown.is_block:
            self.placing.enter(_extra(inner, len(indent)), shown.prefix)
            if not FIRST_LINE.match(inner):
                self.placing.own_line(tag.line, indent)

    def _verbatim(self, tag: Tag, inner: str) -> None:
        first = FIRST_LINE.match(inner)
        line = tag.line + self.body.count("\n", tag.start, tag.end) + (1 if first else 0)
        self.placing.source(inner[first.end() if first else 0 :].rstrip(), line)

    def _write_after(self, shown: Shown, end: int, line: int, indent: str) -> None:
        if shown.is_block and shown.after:
            self.placing.own_line(line, indent)
        self.placing.own(shown.after, line, indent)
        if shown.is_block:
            # What follows belongs to no block of ours.
            is_last = END_OF_LINE.match(self.body, end)
            self.placing.own("\n" if is_last else "\n\n", line, indent)


def _extra(inner: str, indent: int) -> int:
    """Return by how many blanks the lines between two tags are set in further than the tags."""
    return max(0, min((len(one) for one in INDENT.findall(inner)), default=0) - indent)


def _unknown(call: Call) -> Shown:
    spoken = [said for name in SPOKEN if (said := call.get(name))]
    if call.inner is not None:
        head = link(words(spoken[0]), call.get("href", "url", "link")) if spoken else ""
        title = f"**{head}**\n\n" if head and call.is_alone else ""
        return Shown(title, is_block=call.is_alone)
    url = call.get("href", "url", "link")
    said = words(" ".join(spoken))
    if "://" in url or (spoken and (url or not call.is_alone)):
        return instead(link(said, url), is_block=call.is_alone)
    shown = online(call.page, said) if call.is_alone else ""
    return instead(shown, is_block=call.is_alone)
