"""The tags of a template as a tree: which text stands between an opening and its closing tag."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.digest.dialects.liquid.lexer import Kind, Mark

BRANCHES = {
    "if": ("elsif", "elseif", "elif", "else"),
    "unless": ("elsif", "else"),
    "case": ("when", "else"),
    "for": ("else",),
}
# Deeper nesting is nobody's, and the tree is walked by recursion.
DEEPEST = 30


@dataclass(slots=True)
class Branch:
    """What stands under one tag of a block: under `if`, under its `elsif`, under its `else`."""

    mark: Mark
    nodes: "list[Mark | Block]" = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """An opening tag, its closing one, and what stands between."""

    branches: list[Branch]
    closing: Mark | None = None

    @property
    def opening(self) -> Mark:
        """The tag that opens the block."""
        return self.branches[0].mark

    @property
    def nodes(self) -> "list[Mark | Block]":
        """What stands under the opening tag."""
        return self.branches[0].nodes


Node = Mark | Block


def plant(marks: Sequence[Mark]) -> list[Node]:
    """Return the nodes of a template; a tag is a block when its `end…` follows."""
    last_end = {mark.name: index for index, mark in enumerate(marks) if mark.kind is Kind.TAG}
    root: list[Node] = []
    open_blocks: list[Block] = []
    for index, mark in enumerate(marks):
        here = open_blocks[-1].branches[-1].nodes if open_blocks else root
        if mark.kind is not Kind.TAG:
            here.append(mark)
        elif mark.name.startswith("end") and any(_ends(mark, one) for one in open_blocks):
            _close(mark, open_blocks, root)
        elif open_blocks and mark.name in BRANCHES.get(open_blocks[-1].opening.name, ()):
            open_blocks[-1].branches.append(Branch(mark))
        elif last_end.get(f"end{mark.name}", -1) > index and _may_open(mark, open_blocks):
            block = Block([Branch(mark)])
            here.append(block)
            open_blocks.append(block)
        else:
            here.append(mark)
    while open_blocks:
        _flatten(open_blocks.pop(), open_blocks, root)
    return root


def _may_open(mark: Mark, open_blocks: Sequence[Block]) -> bool:
    # `{% set x = 1 %}` is whole, `{% set x %}…{% endset %}` is a block.
    return len(open_blocks) < DEEPEST and not (mark.name == "set" and "=" in mark.markup)


def _ends(mark: Mark, block: Block) -> bool:
    return mark.name == f"end{block.opening.name}"


def _close(mark: Mark, open_blocks: list[Block], root: list[Node]) -> None:
    while not _ends(mark, open_blocks[-1]):
        _flatten(open_blocks.pop(), open_blocks, root)
    open_blocks.pop().closing = mark


def _flatten(block: Block, open_blocks: Sequence[Block], root: list[Node]) -> None:
    """Put the nodes of a block that nothing closes where the block stood."""
    around = open_blocks[-1].branches[-1].nodes if open_blocks else root
    around.pop()
    for branch in block.branches:
        around += [branch.mark, *branch.nodes]


def marks_in(nodes: Sequence[Node]) -> Iterator[Mark]:
    """Yield the marks of nodes in the order of the template."""
    for node in nodes:
        if isinstance(node, Mark):
            yield node
            continue
        for branch in node.branches:
            yield branch.mark
            yield from marks_in(branch.nodes)
        if node.closing:
            yield node.closing
