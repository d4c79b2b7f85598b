"""Tags as JSX and Vue write them, read off the text."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.digest.dialects.mdx.expressions import end_of_braces

NAME = re.compile(r"<(/?)([A-Za-z][\w.-]*)?(?=[\s/>])")
PROP = re.compile(r"\s*(?:([:@#A-Za-z_][\w:.@#-]*)(\s*=\s*)?|\{\s*\.\.\.)")
QUOTED = re.compile(r"\"([^\"]{0,4000})\"|'([^']{0,4000})'|([^\s\"'=<>`{}]{1,2000})")
END = re.compile(r"\s*(/?)>")
MOST_PROPS = 60


@dataclass(frozen=True, slots=True)
class Prop:
    """What a tag sets: a text in quotes, or the source of an expression."""

    text: str = ""
    expression: str | None = None


@dataclass(frozen=True, slots=True)
class JSXTag:
    """A tag and its place; `name` is empty for a fragment (`<>`)."""

    name: str
    start: int
    end: int
    props: Mapping[str, Prop] = field(default_factory=dict)
    is_closing: bool = False
    is_alone: bool = False


def read_tag(text: str, start: int) -> JSXTag | None:
    """Return the tag that begins at `start`, None when what stands there is none."""
    name = NAME.match(text, start)
    if name is None:
        return None
    props: dict[str, Prop] = {}
    at = name.end()
    for _ in range(MOST_PROPS):
        end = END.match(text, at)
        if end:
            return JSXTag(name[2] or "", start, end.end(), props, bool(name[1]), bool(end[1]))
        prop = PROP.match(text, at)
        if prop is None or not name[2]:
            return None
        if prop[1] is None:
            at = end_of_braces(text, text.index("{", at))
        elif prop[2] is None:
            props.setdefault(prop[1], Prop("true"))
            at = prop.end()
        else:
            at = _value(text, prop[1], prop.end(), props)
        if not at:
            return None
    return None


def _value(text: str, name: str, at: int, props: dict[str, Prop]) -> int:
    """Read the value that begins here; return where it ends, 0 when it does not."""
    if text.startswith("{", at):
        end = end_of_braces(text, at)
        props.setdefault(name, Prop(expression=text[at + 1 : end - 1]))
        return end
    quoted = QUOTED.match(text, at)
    if quoted is None:
        return 0
    props.setdefault(name, Prop(html.unescape(quoted[1] or quoted[2] or quoted[3] or "")))
    return quoted.end()
