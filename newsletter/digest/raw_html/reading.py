"""Reads a post's tokens and the tags in its raw HTML, and feeds them to a tree."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from newsletter.digest.embeds import Embed, host_of
from newsletter.digest.raw_html.elements import BLOCKS, VOID
from newsletter.digest.raw_html.foreign import HERE, Foreign, is_foreign, picture_source
from newsletter.digest.raw_html.left_out import LeftOut
from newsletter.digest.raw_html.preformatted import Preformatted
from newsletter.digest.raw_html.scanner import Tag, Words, scan
from newsletter.digest.raw_html.tree import Tree

CLOSING = re.compile(r"</([a-z][a-z0-9]*)", re.IGNORECASE)
HELD = ("paragraph", "heading", "td", "th", "dt", "container_title", "container_caption")
HOLDING = frozenset(f"{kind}_open" for kind in HELD)
RELEASING = frozenset(f"{kind}_close" for kind in HELD)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of a post's raw HTML."""

    left_out: list[LeftOut]
    tags: list[Tag]


class Reader:
    """Reads a post once, or the words of a note."""

    def __init__(self, seen: Seen) -> None:
        self.tree = Tree()
        self._seen = seen
        self._foreign: Foreign | None = None
        self._pre: Preformatted | None = None
        # How often each element is still closed by raw HTML that follows.
        self._closings: Counter[str] = Counter()

    def read(self, tokens: Sequence[Token]) -> list[Token]:
        """Return a post's blocks without raw HTML."""
        for token in tokens:
            self._closings.update(_closed_in(token))
        for token in tokens:
            self._closings.subtract(_closed_in(token))
            self._block(token)
        self._end_foreign()
        self._end_pre()
        return self.tree.finish()

    def inline(self, children: Iterable[Token], line: int) -> None:
        """Take the words of a paragraph, heading or cell."""
        for child in children:
            if child.type == "html_inline":
                for piece in scan(child.content, line):
                    self._piece(piece)
            elif self._foreign is not None:
                self._foreign.takes(Words(child.content, line))
            elif self._pre is not None:
                self._pre.words("\n" if child.type in ("softbreak", "hardbreak") else child.content)
            else:
                self.tree.run.add(child)
            line += child.type in ("softbreak", "hardbreak")

    def _block(self, token: Token) -> None:
        line = token.map[0] if token.map else self.tree.line
        if token.type == "html_block":
            self.tree.line = line
            for piece in scan(token.content, line):
                self._piece(piece)
            self._end_what_is_not_closed()
            self.tree.keep(lambda name: self._closings[name] > 0)
        elif token.type in HOLDING:
            self.tree.hold(token)
        elif token.type in RELEASING:
            self._end_what_is_not_closed()
            self.tree.release()
        elif token.type == "inline":
            self.tree.say(token.content)
            self.inline(token.children or (), line)
        elif token.nesting > 0:
            self.tree.open(token)
        elif token.nesting < 0:
            self.tree.close(token)
        elif self._foreign is None:
            self.tree.add(token)

    def _end_what_is_not_closed(self) -> None:
        """End code and what is foreign, unless a later piece of raw HTML closes it."""
        if self._foreign is not None and not self._closings[self._foreign.name] > 0:
            self._end_foreign()
        self._end_pre()

    def _piece(self, piece: Tag | Words) -> None:
        if isinstance(piece, Tag) and not piece.is_closing:
            self._seen.tags.append(piece)
        if self._foreign is not None:
            if not self._foreign.takes(piece):
                self._end_foreign()
        elif self._pre is not None:
            if not self._pre.takes(piece):
                self._end_pre()
        elif isinstance(piece, Words):
            self._words(piece)
        elif is_foreign(piece):
            self._foreign = Foreign(piece)
            if piece.name in VOID:
                self._end_foreign()
        elif piece.name in BLOCKS:
            self._tag_of_block(piece)
        else:
            self._tag_in_line(piece)

    def _words(self, words: Words) -> None:
        if self.tree.run.is_blank:
            blank = len(words.content) - len(words.content.lstrip())
            self.tree.line = words.line + words.content.count("\n", 0, blank)
        self.tree.run.words(words.content)

    def _tag_of_block(self, tag: Tag) -> None:
        if tag.is_closing:
            self.tree.end(tag.name)
            return
        self.tree.line = tag.line
        self.tree.start(tag.name, tag.attributes)

    def _tag_in_line(self, tag: Tag) -> None:
        if self.tree.run.is_blank:
            self.tree.line = tag.line
        match tag.name:
            case "br":
                self._line_break()
            case "hr" if not tag.is_closing and not self.tree.is_fixed:
                self.tree.add(Token("hr", "hr", 0, map=[tag.line, tag.line + 1], block=True))
            case "img" if not tag.is_closing:
                self._picture(tag)
            case "input" if tag.attributes.get("type") in ("checkbox", "radio"):
                box = "☑" if "checked" in tag.attributes else "☐"
                self.tree.run.add(Token("text", "", 0, content=box))
            case "area" if tag.attributes.get("href"):
                words = tag.attributes.get("alt") or host_of(tag.attributes["href"])
                self._link(Embed(tag.attributes["href"], words or tag.attributes["href"]))
            case "pre" if not tag.is_closing:
                self._pre = Preformatted(tag)
            case "wbr":
                self.tree.run.words("\u200b")
            case _ if tag.is_closing:
                self.tree.run.end(tag.name)
            case _:
                self.tree.run.start(tag.name, tag.attributes, self.tree.depth)

    def _line_break(self) -> None:
        last = self.tree.run.children[-1:]
        if last and last[0].type == "hardbreak" and not self.tree.is_fixed:
            self.tree.part()
        else:
            self.tree.run.line_break()

    def _picture(self, tag: Tag) -> None:
        src = picture_source(tag.attributes)
        alt = " ".join(tag.attributes.get("alt", "").split())
        if not src:
            self.tree.run.words(alt)
            return
        token = Token("image", "img", 0, {"src": src, "alt": ""}, content=alt)
        token.children = [Token("text", "", 0, content=alt)] if alt else []
        for name in ("title", "width", "height"):
            if tag.attributes.get(name):
                token.attrs[name] = tag.attributes[name]
        # An empty description is one: the author says that the picture only decorates.
        is_decor = tag.attributes.get("role") in ("presentation", "none")
        token.meta["decorates"] = is_decor or (not alt and "alt" in tag.attributes)
        self.tree.run.add(token)

    def _end_pre(self) -> None:
        if self._pre is None:
            return
        pre, self._pre = self._pre, None
        if self.tree.is_fixed:
            self.tree.run.add(pre.in_line())
            return
        self.tree.add(pre.block())
        for link in pre.links:
            self._link(link)
        self.tree.part()

    def _end_foreign(self) -> None:
        if self._foreign is None:
            return
        shown, self._foreign = self._foreign.shown(), None
        if shown.left_out:
            self._seen.left_out.append(shown.left_out)
        if shown.words:
            self.tree.run.words(shown.words)
        # What has no address of its own is worth no link in the middle of a sentence.
        if shown.link and (shown.link.url != HERE or self.tree.run.is_blank):
            self._link(shown.link)

    def _link(self, link: Embed) -> None:
        run = self.tree.run
        if not run.is_blank:
            run.words(" ")
        run.start("a", {"href": link.url})
        if link.picture:
            self._picture(Tag("img", {"src": link.picture, "alt": ""}))
            run.line_break()
        run.words(link.words)
        run.end("a")


def _closed_in(token: Token) -> list[str]:
    """Return the names of the elements that the raw HTML in a token closes."""
    found = CLOSING.findall(token.content) if token.type == "html_block" else []
    for child in token.children or ():
        if child.type == "html_inline":
            found += CLOSING.findall(child.content)
    return [name.lower() for name in found]
