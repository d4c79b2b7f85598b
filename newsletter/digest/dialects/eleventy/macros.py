"""Nunjucks' macros: defined in the post or in a file that it imports, and put where they are called.

https://mozilla.github.io/nunjucks/templating.html#macro
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.digest.dialects.eleventy.site import EleventySite
from newsletter.digest.dialects.liquid.expressions import Expression, Reader
from newsletter.digest.dialects.liquid.lexer import Mark
from newsletter.digest.dialects.liquid.markup import NotRead
from newsletter.digest.dialects.liquid.outputs import fill
from newsletter.digest.dialects.liquid.run import Run
from newsletter.digest.dialects.liquid.tree import Block, Node
from newsletter.digest.dialects.liquid.values import UNSET
from newsletter.digest.site_files import read_site_file

HEAD = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*\((?P<parameters>.*)\)\s*", re.DOTALL)
CALL = re.compile(
    r"(?P<path>[A-Za-z_]\w*(?:\.\w+)?)\s*\((?P<arguments>.*)\)\s*(?:\|\s*safe\s*)?", re.DOTALL
)
IMPORT = re.compile(r"(?P<file>.+?) as (?P<name>\w+)(?: with(?:out)? context)?")
FROM = re.compile(r"(?P<file>.+?) import (?P<names>[\w ,]+?)(?: with(?:out)? context)?")
RENAMED = re.compile(r"\s*(\w+)(?:\s+as\s+(\w+))?\s*")
FILE = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([\w./-]+))")
# A file is read for each, and all names are looked at.
STEPS_OF_IMPORT = 400
TEMPLATES = (".njk", ".liquid", ".html", ".md")


@dataclass(frozen=True, slots=True)
class Macro:
    """What stands for a call: nodes of a template, and the names of its values, some with one."""

    nodes: Sequence[Node]
    template: str
    names: tuple[str, ...] = ()
    usual: Mapping[str, Expression] = field(default_factory=dict)


def define(run: Run, block: Block) -> bool:
    """Remember what stands between `macro` and `endmacro`; nothing is written."""
    head = HEAD.fullmatch(block.opening.markup)
    if head is None:
        return False
    try:
        names, usual = _parameters(head["parameters"])
    except NotRead:
        return False
    run.scope.names[head["name"]] = Macro(block.nodes, run.template, names, usual)
    return True


def call(run: Run, mark: Mark) -> bool:
    """Write what `{{ name(values) }}` calls; False where that is no macro."""
    made = _expansion(run, mark, mark.inner, {})
    if made is None:
        return False
    run.write(made, mark)
    return True


def call_around(run: Run, block: Block) -> bool:
    """Write what `{% call name(values) %}words{% endcall %}` calls; its `caller()` are the words."""
    inner = Macro(block.nodes, run.template)
    made = _expansion(run, block.opening, block.opening.markup, {"caller": inner})
    if made is None:
        return False
    run.write(made, block.opening)
    return True


def take_in(run: Run, mark: Mark) -> bool:
    """Do `import "file" as name`: the file's macros are `name.macro`."""
    found = IMPORT.fullmatch(_tidy(mark.markup))
    macros = _macros(run, mark, found["file"]) if found else None
    if found is None or macros is None:
        return False
    run.scope.names[found["name"]] = macros
    return True


def take_in_from(run: Run, mark: Mark) -> bool:
    """Do `from "file" import one, two as other`."""
    found = FROM.fullmatch(_tidy(mark.markup))
    macros = _macros(run, mark, found["file"]) if found else None
    if found is None or macros is None:
        return False
    renamed = [RENAMED.fullmatch(one) for one in found["names"].split(",")]
    wanted = {one[2] or one[1]: macros[one[1]] for one in renamed if one and one[1] in macros}
    run.scope.names |= wanted
    return len(wanted) == len(renamed)


def template_text(run: Run, markup: str) -> str | None:
    """Return the text of a template that a tag names, from the site's includes."""
    site = run.page.site
    found = FILE.match(markup)
    if not isinstance(site, EleventySite) or site.input is None or not found:
        return None
    name = fill(found[1] or found[2] or found[3] or "", run.scope)
    if not name or ".." in name:
        return None
    endings = ("",) if name.endswith(TEMPLATES) else (*TEMPLATES, "")
    texts = (
        read_site_file(site.input, f"{site.configuration.includes}/{name}{one}") for one in endings
    )
    return next((text.rstrip("\n") for text in texts if text is not None), None)


def _expansion(run: Run, mark: Mark, source: str, more: Mapping[str, Any]) -> str | None:
    """Return what a call comes to, None where nothing of that name is a macro."""
    found = CALL.fullmatch(source)
    macro: Any = run.scope.names if found else None
    for name in found["path"].split(".") if found else ():
        macro = macro.get(name) if isinstance(macro, dict) else None
    if found is None or not isinstance(macro, Macro):
        return None
    try:
        given, named = _given(run, found["arguments"])
    except NotRead:
        return None
    names = {name: usual(run.scope) for name, usual in macro.usual.items()}
    names |= dict.fromkeys(macro.names, UNSET) | names
    names |= dict(zip(macro.names, given, strict=False))
    names |= {name: value for name, value in named.items() if name in macro.names}
    return run.expansion(macro.nodes, macro.template, mark, {**names, **more}).strip()


def _given(run: Run, source: str) -> tuple[list[Any], dict[str, Any]]:
    """Return the values of a call; raises NotRead."""
    values: list[Expression] = []
    named: dict[str, Expression] = {}
    reader = Reader(source)
    if not reader.is_at_end():
        reader.arguments(values, named)
    reader.expect_end()
    return [one(run.scope) for one in values], {key: one(run.scope) for key, one in named.items()}


def _parameters(source: str) -> tuple[tuple[str, ...], dict[str, Expression]]:
    """Return the names that a macro gives its values, and what they are unless given."""
    names: list[str] = []
    usual: dict[str, Expression] = {}
    reader = Reader(source)
    while not reader.is_at_end():
        names.append(reader.word())
        if reader.take("="):
            usual[names[-1]] = reader.value()
        if not reader.take(","):
            break
    reader.expect_end()
    return tuple(names), usual


def _macros(run: Run, mark: Mark, file: str) -> dict[str, Macro] | None:
    """Return the macros that a file defines, None when there is no such file."""
    run.charge(STEPS_OF_IMPORT)
    text = None if run.is_spent else template_text(run, file)
    if text is None:
        return None
    before = dict(run.scope.names)
    run.expansion(run.tree(text), text, mark, {})
    after = run.scope.names
    found = {
        name: one
        for name, one in after.items()
        if isinstance(one, Macro) and before.get(name) is not one
    }
    after.clear()
    after.update(before)
    return found


def _tidy(markup: str) -> str:
    return " ".join(markup.split())
