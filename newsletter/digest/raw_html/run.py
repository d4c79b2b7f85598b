"""A run of words: what stands in one paragraph, whether Markdown or HTML opened its marks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from newsletter.digest.raw_html.elements import INLINE, SAME

BLANKS = re.compile(r"[ \t\n\f\r]+")
# More marks in each other are none that anybody set by hand, and each costs when one closes.
DEEPEST = 20
CODE = ("code", "tt")
BREAKS = ("softbreak", "hardbreak")
ATTRIBUTES = {"a": ("href", "title"), "abbr": ("title",), "time": ("datetime",)}


@dataclass(slots=True)
class Mark:
    """A mark that is open: its element, the token that opened it (None when it writes nothing).

    `depth` is that of the blocks in which HTML opened it; None where Markdown did.
    """

    name: str
    opening: Token | None
    depth: int | None = None

    @property
    def is_markdown(self) -> bool:
        """Whether only Markdown may close it."""
        return self.depth is None

    def again(self) -> "Mark":
        """Return the same mark, to be opened once more."""
        opening = self.opening and Token(
            self.opening.type, self.opening.tag, 1, dict(self.opening.attrs)
        )
        return Mark(self.name, opening, self.depth)


class Run:
    """Collects the inline tokens of one paragraph and keeps its marks in each other."""

    def __init__(self) -> None:
        self.children: list[Token] = []
        self._open: list[Mark] = []

    @property
    def is_new(self) -> bool:
        """Whether it was never written to."""
        return not self.children and not self._open

    @property
    def is_blank(self) -> bool:
        """Whether nothing that can be seen was written yet."""
        return not any(_is_seen(child) for child in self.children)

    def words(self, content: str) -> None:
        """Add words of raw HTML, whose line ends and rows of blanks are one blank."""
        words = BLANKS.sub(" ", content)
        if words.startswith(" ") and (not self.children or self.children[-1].type in BREAKS):
            words = words[1:]
        if words:
            self.children.append(Token("text", "", 0, content=words))

    def line_break(self) -> None:
        """Begin a new line, if there is one to end."""
        if self.children and self.children[-1].type != "hardbreak":
            self.children.append(Token("hardbreak", "br", 0))

    def add(self, token: Token) -> None:
        """Add a token of Markdown's, or one that is complete in itself."""
        if token.nesting > 0:
            self._open_markdown(token)
        elif token.nesting < 0:
            self._close_markdown(token)
        else:
            self.children.append(token)

    def start(self, name: str, attributes: Mapping[str, str], depth: int = 0) -> None:
        """Open a mark of raw HTML, in blocks of this depth."""
        name = SAME.get(name, name)
        if name == "a":
            self.end("a")
        if len(self._open) >= DEEPEST or not (name in INLINE or name in SAME):
            return
        attrs: dict[str, str | int | float] = {
            one: attributes[one] for one in ATTRIBUTES.get(name, ()) if attributes.get(one)
        }
        if name != "a":
            self._begin(Mark(name, Token(f"{name}_open", name, 1, attrs), depth))
        elif "href" in attrs and not self._is_in("a"):
            self._begin(Mark(name, Token("link_open", "a", 1, attrs), depth))

    def end(self, name: str) -> None:
        """Close the innermost mark of this name that raw HTML opened; those in it go on after."""
        name = SAME.get(name, name)
        for place in range(len(self._open) - 1, -1, -1):
            mark = self._open[place]
            if mark.is_markdown:
                return
            if mark.name == name:
                inner = self._open[place + 1 :]
                self._close_to(place)
                self.resume(inner)
                return

    def take(self) -> tuple[list[Token], list[Mark]]:
        """Return the tokens, all marks closed, and the marks that raw HTML left open.

        The run is over then.
        """
        left = [mark for mark in self._open if not mark.is_markdown]
        is_blank = self.is_blank
        self._close_to(0)
        return [] if is_blank else trimmed(self.children), left

    def resume(self, marks: Sequence[Mark]) -> None:
        """Open marks anew that an earlier run left open."""
        for mark in marks:
            self._begin(mark.again())

    def _is_in(self, name: str) -> bool:
        return any(mark.name == name and mark.opening for mark in self._open)

    def _begin(self, mark: Mark) -> None:
        self._open.append(mark)
        if mark.opening is not None:
            self.children.append(mark.opening)

    def _open_markdown(self, token: Token) -> None:
        if token.tag != "a":
            self._begin(Mark(token.tag, token))
        elif token.markup == "linkify" and self._is_in("a"):
            self._begin(Mark("a", None))
        else:
            self.end("a")
            self._begin(Mark("a", token))

    def _close_markdown(self, token: Token) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            mark = self._open[place]
            if mark.is_markdown and mark.name == token.tag:
                self._close_to(place + 1)
                self._open.pop()
                if mark.opening is not None:
                    self.children.append(token)
                return

    def _close_to(self, place: int) -> None:
        for mark in reversed(self._open[place:]):
            if mark.opening is None:
                continue
            if self.children and self.children[-1] is mark.opening:
                self.children.pop()
                continue
            if mark.opening.tag in CODE and self._make_code(mark.opening):
                continue
            closing = Token(mark.opening.type.replace("_open", "_close"), mark.opening.tag, -1)
            closing.markup, closing.info = mark.opening.markup, mark.opening.info
            self.children.append(closing)
        del self._open[place:]

    def _make_code(self, opening: Token) -> bool:
        """Make one token of code, as Markdown does, where nothing but words was marked as such."""
        place = len(self.children) - 1
        while self.children[place].type == "text":
            place -= 1
        if self.children[place] is not opening:
            return False
        code = "".join(child.content for child in self.children[place + 1 :])
        self.children[place:] = [Token("code_inline", "code", 0, content=code)]
        return True


def trimmed(children: list[Token]) -> list[Token]:
    """Return inline tokens without blanks and line ends at their two ends."""
    while children and _is_blank(children[-1]):
        children.pop()
    start = 0
    while start < len(children) and _is_blank(children[start]):
        start += 1
    del children[:start]
    if children and children[-1].type == "text":
        children[-1].content = children[-1].content.rstrip(" ")
    return children


def _is_blank(child: Token) -> bool:
    return child.type in BREAKS or (child.type == "text" and not child.content.strip(" \n"))


def _is_seen(child: Token) -> bool:
    return not child.nesting and not _is_blank(child)
