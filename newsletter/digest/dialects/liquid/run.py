"""Runs a template over a post's body: bounded in steps, depth and letters, and placed line by line."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.digest.code_spans import pieces
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.liquid.expressions import condition, filtered
from newsletter.digest.dialects.liquid.lexer import Kind, Mark, lex
from newsletter.digest.dialects.liquid.markup import NotRead
from newsletter.digest.dialects.liquid.operations import Scope
from newsletter.digest.dialects.liquid.tree import Block, Node, plant
from newsletter.digest.dialects.liquid.values import NOT_KNOWN, Nothing, words
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.writing import Writing

# Steps in loops, branches and includes; what stands in the post itself is bounded by its size.
MOST_STEPS = 40_000
DEEPEST = 60
MOST_WRITTEN = 1_000_000
BRACES = re.compile(r"\{([{%#])")
NAME = re.compile(r"[\w./-]{1,40}")
FILE = re.compile(r"[\"']?([\w./-]{1,60})")


@dataclass(frozen=True, slots=True)
class Language:
    """What a generator's templates know: tags by name, and which of them also run in code.

    A handler writes what its tag means and returns True, or returns False, having written nothing;
    `other` is asked about whatever is in neither table.
    `silent` tags never show anything, so nothing stands in their place when they are not read.
    `call` writes what an output calls, or returns False.
    Between `hollow` ones no text stands, but a pattern of what they would write.
    """

    tags: Mapping[str, Callable[["Run", Mark], bool]]
    blocks: Mapping[str, Callable[["Run", Block], bool]]
    other: Callable[["Run", Node], bool]
    in_code: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    hollow: frozenset[str] = frozenset()
    call: Callable[["Run", Mark], bool] | None = None


@dataclass(slots=True)
class Run:
    """One template being run for one post."""

    page: Page
    scope: Scope
    language: Language
    writing: Writing = field(default_factory=Writing)
    unknown: Unknown = field(default_factory=Unknown)
    # The line of the tag that brought what is being run (None: the post itself).
    line: int | None = None
    in_code: bool = False
    interrupt: str = ""
    template: str = ""
    _steps: int = MOST_STEPS
    _depth: int = 0
    _trees: dict[str, list[Node]] = field(default_factory=dict)

    def lift(self, body: str) -> Lifted:
        """Run a post's body, and return what it is then, with what nobody understood."""
        self.run(body)
        text, lines = self.writing.done()
        return Lifted(text, self.unknown.findings(self.page.path), lines)

    def run(self, template: str) -> None:
        """Run a template where the writing stands."""
        around, self.template = self.template, template
        self.render(self.tree(template))
        self.template = around

    def include(self, template: str, mark: Mark, names: Mapping[str, Any]) -> None:
        """Run a template that a tag brings in; what it writes stands in the tag's line."""
        self.expand(self.tree(template), template, mark, names)

    def expand(
        self, nodes: Sequence[Node], template: str, mark: Mark, names: Mapping[str, Any]
    ) -> None:
        """Run nodes of a template in the place of a mark, in its line, and with these names."""
        before = self.line, self.in_code, self.template
        self.line, self.in_code = self.line_of(mark), self.in_code or mark.is_code
        self.template = template
        with self.scope.naming(names):
            self.render(nodes)
        self.line, self.in_code, self.template = before

    def expansion(
        self, nodes: Sequence[Node], template: str, mark: Mark, names: Mapping[str, Any]
    ) -> str:
        """Return what `expand` writes, instead of writing it."""
        around, self.writing = self.writing, Writing()
        self.expand(nodes, template, mark, names)
        text, _ = self.writing.done()
        self.writing = around
        return text

    def tree(self, template: str) -> list[Node]:
        """Return the nodes of a template, which is read once."""
        if template not in self._trees:
            self._trees[template] = plant(lex(template))
        return self._trees[template]

    def captured(self, nodes: Sequence[Node]) -> str:
        """Return what nodes write, instead of writing it."""
        around, self.writing = self.writing, Writing()
        self.render(nodes)
        text, _ = self.writing.done()
        self.writing = around
        return text

    def render(self, nodes: Sequence[Node]) -> None:
        """Run nodes one after the other, until a loop is left."""
        self._depth += 1
        for node in nodes:
            if self.interrupt:
                break
            self._steps -= self._depth > 1
            if isinstance(node, Block):
                self._block(node)
            elif node.kind is Kind.TEXT:
                self._text(node)
            elif node.kind is Kind.OUTPUT:
                self._output(node)
            else:
                self._tag(node)
        self._depth -= 1

    def write(self, made: str, mark: Mark) -> None:
        """Write what a tag means, in the tag's line."""
        self.writing.made(made, self.line_of(mark))

    def line_of(self, mark: Mark) -> int:
        """Return the post's line in which a mark takes effect."""
        return mark.line if self.line is None else self.line

    def value(self, markup: str) -> Any:
        """Return what an expression is worth; NOT_KNOWN also for what is none."""
        try:
            return filtered(markup)(self.scope)
        except NotRead:
            return NOT_KNOWN

    def holds(self, markup: str) -> Any:
        """Return what a condition is worth; NOT_KNOWN also for what is none."""
        try:
            return condition(markup)(self.scope)
        except NotRead:
            return NOT_KNOWN

    @property
    def is_spent(self) -> bool:
        """Whether a template has run for too long, gone too deep or written too much."""
        return self._steps < 0 or self._depth > DEEPEST or self.writing.size > MOST_WRITTEN

    def charge(self, steps: int) -> None:
        """Count what a tag did as so many steps."""
        self._steps -= steps

    def _see_online(self, first: Mark, last: Mark) -> None:
        """Where something stood alone, put a link to the post in its place."""
        if first.is_first and last.is_last and first.name not in self.language.silent:
            self.writing.once(online(self.page), self.line_of(first))

    def _text(self, mark: Mark) -> None:
        text = mark.written
        if mark.is_raw and not (mark.is_code or self.in_code):
            text = _as_words(text)
        if self.line is None:
            self.writing.written(text, mark.line)
        else:
            self.writing.made(text, self.line)

    def _output(self, mark: Mark) -> None:
        call = self.language.call
        if call and not (self.is_spent or mark.is_code or self.in_code) and call(self, mark):
            return
        value = NOT_KNOWN if self.is_spent else self.value(mark.inner)
        made = None if isinstance(value, Nothing) else words(value)
        if made is not None:
            self.write(made, mark)
        elif mark.is_code or self.in_code:
            self._text(mark)
        else:
            name = NAME.search(mark.inner)
            self.unknown.compute(name[0] if name else mark.inner[:40], self.line_of(mark))
            self._see_online(mark, mark)

    def _tag(self, mark: Mark) -> None:
        if (mark.is_code or self.in_code) and mark.name not in self.language.in_code:
            self._text(mark)
            return
        handle = self.language.tags.get(mark.name, self.language.other)
        if self.is_spent or not handle(self, mark):
            if mark.is_code:
                self._text(mark)
            else:
                self.unknown.add(_called(mark), self.line_of(mark))
                self._see_online(mark, mark)

    def _block(self, block: Block) -> None:
        opening, closing = block.opening, block.closing
        if (opening.is_code or self.in_code) and closing:
            whole = self.template[opening.start : closing.start + len(closing.written)]
            self._text(Mark(Kind.TEXT, whole, whole, opening.start, opening.line))
            return
        handle = self.language.blocks.get(opening.name, self.language.other)
        if not self.is_spent and handle(self, block):
            return
        # A block of the language itself depends on what is not known; another one is unknown.
        remember = self.unknown.add
        if opening.name in self.language.blocks:
            remember = self.unknown.compute
        remember(_called(opening), self.line_of(opening))
        if opening.name in self.language.hollow:
            self._see_online(opening, closing or opening)
        elif not self.is_spent:
            self.render(block.nodes)


def _as_words(text: str) -> str:
    """Return a text whose braces, outside of code, are words for readers and no tags any more."""
    if not BRACES.search(text):
        return text
    return "".join(
        piece.text if piece.is_code else BRACES.sub(r"&#123;\1", piece.text)
        for piece in pieces(text)
    )


def _called(mark: Mark) -> str:
    """Return what a tag is called in a finding: also its file, or its condition."""
    if mark.name in ("for", "if", "unless", "case"):
        return f"{mark.name} {' '.join(mark.markup.split())[:40]}".strip()
    file = FILE.match(mark.markup)
    if file and mark.name.startswith(("include", "render", "import", "from")):
        return f"{mark.name} {file[1]}"
    return mark.name or mark.inner[:40]
