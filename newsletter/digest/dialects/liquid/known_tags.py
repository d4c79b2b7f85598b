"""Tags that many plugins share, by the names that all dialects know: videos, figures, boxes."""

import re

from newsletter.digest.dialects.liquid.lexer import Mark
from newsletter.digest.dialects.liquid.run import Run
from newsletter.digest.dialects.liquid.tree import Block, Node
from newsletter.digest.dialects.liquid.values import Nothing, words
from newsletter.digest.dialects.shortcodes.call import Call, Inner, Shown
from newsletter.digest.dialects.shortcodes.known import known

ARGUMENT = re.compile(
    r"[\s,]*(?:(?P<key>[\w-]+)\s*(?:=|:(?=[\s\"']))\s*)?"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s,\"']+))"
)
PATH = re.compile(r"[^\W\d][\w-]*(?:\.[\w-]+|\[\w+\])*")


def show_known(run: Run, node: Node) -> bool:
    """Write what a tag of a known name shows; False, with nothing written, for another one."""
    opening = node if isinstance(node, Mark) else node.opening
    show = known(opening.name)
    if show is None:
        return False
    closing = (node.closing if isinstance(node, Block) else None) or opening
    inner = None
    if isinstance(node, Block):
        inner = run.template[opening.start + len(opening.written) : closing.start]
    positional, named = _arguments(run, opening.markup)
    is_alone = opening.is_first and (closing.is_last or "\n" in (inner or ""))
    shown = show(Call(opening.name.lower(), run.page, positional, named, inner, is_alone))
    if shown is None:
        return False
    if shown.left_out:
        run.unknown.leave(opening.name, run.line_of(opening))
    _write(run, node, shown, opening, closing)
    return True


def _write(run: Run, node: Node, shown: Shown, opening: Mark, closing: Mark) -> None:
    start = "\n\n" if shown.is_block and not opening.is_first else ""
    run.write(start + shown.before, opening)
    if isinstance(node, Block) and shown.inner is Inner.LIFTED:
        if shown.is_block and shown.before and not shown.before.endswith("\n"):
            run.write("\n", opening)
        if shown.prefix:
            lines = run.captured(node.nodes).strip("\n").split("\n")
            run.write("\n".join(shown.prefix + line for line in lines) + "\n", opening)
        else:
            run.render(node.nodes)
    elif isinstance(node, Block) and shown.inner is Inner.VERBATIM:
        run.write(run.captured(node.nodes).strip("\n"), opening)
    if shown.after:
        is_below = shown.is_block and not closing.is_first
        run.write("\n" * is_below + shown.after, closing)
    if shown.is_block:
        run.write("\n" if closing.is_last else "\n\n", closing)


def _arguments(run: Run, markup: str) -> tuple[tuple[str, ...], dict[str, str]]:
    positional: list[str] = []
    named: dict[str, str] = {}
    at = 0
    while found := ARGUMENT.match(markup, at):
        at = found.end()
        quoted = found["double"] if found["double"] is not None else found["single"]
        value = _bare(run, found["bare"]) if quoted is None else quoted
        if found["key"]:
            named.setdefault(found["key"].lower(), value)
        else:
            positional.append(value)
    return tuple(positional), named


def _bare(run: Run, written: str) -> str:
    """Return what a word without quotes stands for: a variable's value, or itself."""
    if PATH.fullmatch(written):
        value = run.value(written)
        made = None if isinstance(value, Nothing) else words(value)
        if made:
            return made
    return written
