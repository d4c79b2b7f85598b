"""The tags that every language of templates has: assigning, choosing, repeating."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from newsletter.digest.dialects.liquid.expressions import Reader
from newsletter.digest.dialects.liquid.lexer import Mark
from newsletter.digest.dialects.liquid.markup import NotRead
from newsletter.digest.dialects.liquid.operations import compare
from newsletter.digest.dialects.liquid.run import Run
from newsletter.digest.dialects.liquid.tree import Block, Branch
from newsletter.digest.dialects.liquid.values import (
    NOT_KNOWN,
    UNSET,
    Nothing,
    items,
    number,
    truthy,
    words,
)

ASSIGNMENT = re.compile(r"([\w-]+)\s*=\s*(.+)", re.DOTALL)
NAME = re.compile(r"[\w-]+")
LOOP = re.compile(
    r"([\w-]+)\s+in\s+((?:\"[^\"]*\"|'[^']*'|(?!\b(?:reversed|limit|offset)\b)[^\"'])+)(.*)",
    re.DOTALL,
)
BOUND = re.compile(r"(limit|offset)\s*:\s*([\w.-]+)")


def _assign(run: Run, mark: Mark) -> bool:
    found = ASSIGNMENT.fullmatch(mark.markup)
    if not found:
        return False
    run.scope.names[found[1]] = run.value(found[2])
    return True


def _capture(run: Run, block: Block) -> bool:
    name = NAME.fullmatch(block.opening.markup.strip("\"'"))
    if not name:
        return False
    run.scope.names[name[0]] = run.scope.afford(run.captured(block.nodes))
    return True


def _echo(run: Run, mark: Mark) -> bool:
    value = run.value(mark.markup)
    made = None if isinstance(value, Nothing) else words(value)
    if made is None:
        return False
    run.write(made, mark)
    return True


def _choose(run: Run, block: Block) -> bool:
    for branch in block.branches:
        name = branch.mark.name
        holds = True if name == "else" else run.holds(branch.mark.markup)
        if holds is NOT_KNOWN:
            return False
        if truthy(holds) != (name == "unless"):
            run.render(branch.nodes)
            break
    return True


def _case(run: Run, block: Block) -> bool:
    value = run.value(block.opening.markup)
    if value is NOT_KNOWN:
        return False
    for branch in block.branches[1:]:
        if branch.mark.name == "else" or _is_one_of(run, value, branch):
            run.render(branch.nodes)
            break
    return True


def _is_one_of(run: Run, value: Any, branch: Branch) -> bool:
    try:
        reader = Reader(branch.mark.markup)
        wanted = [reader.value()]
        while reader.take(",", "or"):
            wanted.append(reader.value())
    except NotRead:
        return False
    return any(compare("==", value, one(run.scope)) is True for one in wanted)


def _repeat(run: Run, block: Block) -> bool:
    found = LOOP.fullmatch(block.opening.markup)
    over = run.value(found[2].strip()) if found else NOT_KNOWN
    if found is None or over is NOT_KNOWN:
        return False
    through = _bounded(run, items(over), found[3])
    if not through and len(block.branches) > 1:
        run.render(block.branches[1].nodes)
    for index, one in enumerate(through):
        if run.is_spent:
            break
        counts = _counts(index, len(through))
        with run.scope.naming({found[1]: one, "forloop": counts, "loop": counts}):
            run.render(block.nodes)
        left, run.interrupt = run.interrupt, ""
        if left == "break":
            break
    return True


def _bounded(run: Run, through: list[Any], markup: str) -> list[Any]:
    bounds = {name: int(number(run.value(value))) for name, value in BOUND.findall(markup)}
    first = max(0, bounds.get("offset", 0))
    last = first + max(0, bounds["limit"]) if "limit" in bounds else len(through)
    through = through[first:last]
    return through[::-1] if "reversed" in markup.split() else through


def _counts(index: int, length: int) -> Mapping[str, Any]:
    return {
        "index": index + 1,
        "index0": index,
        "rindex": length - index,
        "rindex0": length - index - 1,
        "revindex": length - index,
        "first": index == 0,
        "last": index == length - 1,
        "length": length,
    }


def _interrupt(run: Run, mark: Mark) -> bool:
    if run.scope.names.get("forloop", UNSET) is UNSET:
        return False
    run.interrupt = mark.name
    return True


def _nothing(_run: Run, _mark: Mark) -> bool:
    return True


def _hidden(_run: Run, _block: Block) -> bool:
    return True


TAGS: dict[str, Callable[[Run, Mark], bool]] = {
    "assign": _assign,
    "set": _assign,
    "echo": _echo,
    "break": _interrupt,
    "continue": _interrupt,
    "#": _nothing,
}
BLOCKS: dict[str, Callable[[Run, Block], bool]] = {
    "capture": _capture,
    "set": _capture,
    "if": _choose,
    "unless": _choose,
    "case": _case,
    "for": _repeat,
    "comment": _hidden,
}
SILENT = frozenset((*TAGS, "increment", "decrement", "cycle", "else", "import", "from", "extends"))
HOLLOW = frozenset(("for", "tablerow", "asyncEach", "asyncAll"))
