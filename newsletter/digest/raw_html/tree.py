"""Puts the tokens of Markdown and the tags of raw HTML in it into one tree of blocks.

HTML may open in one block and close in another, or not at all; what comes out is closed in order,
and nothing that Markdown opened is closed by HTML.
"""

from collections.abc import Callable, Mapping

from markdown_it.token import Token

from newsletter.digest.raw_html.blocks import Element, figure, finished, inline, paragraph
from newsletter.digest.raw_html.elements import IMPLIED, ITEMS, PARENTS
from newsletter.digest.raw_html.run import Mark, Run

# Elements in each other beyond this are as if they were not there; their words stay.
DEEPEST = 20


class Tree:
    """Takes blocks and words in their order, and gives them back as one stream of tokens."""

    def __init__(self) -> None:
        self.run = Run()
        self.line = 0
        self._stack = [Element("")]
        # Markdown's own paragraph, heading or cell that the run stands in.
        self._holder: Token | None = None
        self._source = ""
        self._is_in_p = False

    @property
    def depth(self) -> int:
        """How many blocks are open."""
        return len(self._stack)

    @property
    def is_fixed(self) -> bool:
        """Whether the run stands where no block can part it: in a heading or cell of Markdown."""
        return self._holder is not None and self._holder.type != "paragraph_open"

    def hold(self, opening: Token) -> None:
        """Begin a paragraph, heading, cell or title of Markdown."""
        self._end_run()
        self._holder = opening

    def say(self, source: str) -> None:
        """Remember what was written of what is held, before it became tokens."""
        self._source = source

    def release(self) -> None:
        """End what `hold` began; marks that HTML left open in it end there."""
        self._end_run(lambda _: False)
        self._holder = None

    def open(self, opening: Token) -> None:
        """Begin a block of Markdown that holds blocks."""
        self._end_run()
        self._make_room()
        self._stack.append(Element(opening.type, opening=opening))

    def close(self, closing: Token) -> None:
        """End the innermost block of Markdown, and whatever HTML left open in it."""
        self._end_run()
        place = self._innermost_markdown()
        if not place:
            return
        self._close_to(place + 1)
        element = self._stack.pop()
        opening = element.opening or closing
        if opening.type == "container_open" and opening.info == "figure":
            tokens = figure(element.tokens, opening)
        else:
            tokens = [opening, *element.tokens, closing]
        self._stack[-1].tokens += tokens
        self._end_run()

    def add(self, token: Token) -> None:
        """Add a block that is complete in itself."""
        self._end_run()
        self._make_room()
        self._stack[-1].tokens.append(token)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element of raw HTML that parts paragraphs."""
        if self.is_fixed:
            self.run.line_break()
            return
        self._end_run()
        self._is_in_p = name == "p"
        if name in PARENTS:
            parent = self._innermost(PARENTS[name])
            if not parent:
                return
            self._close_to(self._outermost(IMPLIED.get(name, frozenset()), parent))
            if name in ("td", "th") and self._stack[-1].name != "tr":
                self._stack.append(Element("tr", {}, self.line))
        else:
            self._make_room()
        if len(self._stack) < DEEPEST:
            self._stack.append(Element(name, attributes, self.line))

    def end(self, name: str) -> None:
        """Close the innermost element of this name; one that is not open is ignored."""
        if self.is_fixed:
            return
        self._end_run()
        self._is_in_p = False
        place = self._innermost(frozenset((name,)))
        if place:
            self._close_to(place)
            self._end_run()

    def part(self) -> None:
        """End the paragraph; what follows stands in another."""
        self._end_run()

    def keep(self, is_wanted: Callable[[str], bool]) -> None:
        """End the paragraph of raw HTML, and the marks that are not wanted in the next."""
        self._end_run(is_wanted)
        self._is_in_p = False

    def finish(self) -> list[Token]:
        """Close everything and return the tokens, each with its level."""
        self._end_run()
        self._close_to(1)
        level = 0
        for token in self._stack[0].tokens:
            level += min(token.nesting, 0)
            token.level = level
            level += max(token.nesting, 0)
        return self._stack[0].tokens

    def _end_run(self, is_wanted: Callable[[str], bool] = bool) -> None:
        """End what is being written; the marks left open go on in what follows in this block."""
        if self.run.is_new and not self.is_fixed:
            return
        children, left = self.run.take()
        self.run = Run()
        self.run.resume([mark for mark in left if self._goes_on(mark) and is_wanted(mark.name)])
        if self.is_fixed:
            self._write_fixed(children)
        elif children:
            self._write(children)

    def _goes_on(self, mark: Mark) -> bool:
        return mark.depth is not None and mark.depth <= self.depth

    def _write_fixed(self, children: list[Token]) -> None:
        opening = self._holder
        if opening is None:
            return
        line = opening.map[0] if opening.map else self.line
        kind = opening.type.removesuffix("_open")
        closing = Token(f"{kind}_close", opening.tag, -1, markup=opening.markup, block=True)
        self._stack[-1].tokens += [opening, self._inline(children, line), closing]

    def _inline(self, children: list[Token], line: int) -> Token:
        token = inline(children, line)
        token.content, self._source = self._source or token.content, ""
        return token

    def _make_room(self) -> None:
        """Open the item that HTML left out between a list and what stands in it."""
        item = ITEMS.get(self._stack[-1].name)
        if item:
            self._stack.append(Element(item, {}, self.line))

    def _write(self, children: list[Token]) -> None:
        self._make_room()
        element, holder = self._stack[-1], self._holder
        if holder is None:
            is_tight = element.name == "li" and not self._is_in_p
            element.tokens += paragraph(children, self.line, hidden=is_tight)
            return
        line = holder.map[0] if holder.map else self.line
        tokens = paragraph(children, line, hidden=holder.hidden)
        tokens[1] = self._inline(children, line)
        tokens[0].map = tokens[1].map = holder.map
        tokens[0].attrs = holder.attrs
        element.tokens += tokens

    def _innermost_markdown(self) -> int:
        for place in range(len(self._stack) - 1, 0, -1):
            if self._stack[place].opening is not None:
                return place
        return 0

    def _innermost(self, names: frozenset[str]) -> int:
        """Return the place of the innermost element of these names that HTML may close, or 0."""
        for place in range(len(self._stack) - 1, self._innermost_markdown(), -1):
            if self._stack[place].name in names:
                return place
        return 0

    def _outermost(self, names: frozenset[str], parent: int) -> int:
        """Return the place of the outermost of these names in a parent; the end without one."""
        for place in range(parent + 1, len(self._stack)):
            if self._stack[place].name in names:
                return place
        return len(self._stack)

    def _close_to(self, place: int) -> None:
        """Close the elements of raw HTML from this place of the stack on."""
        while len(self._stack) > place:
            element = self._stack.pop()
            self._stack[-1].tokens += finished(element)
