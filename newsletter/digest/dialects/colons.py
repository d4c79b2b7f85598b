"""Boxes between lines of colons, `:::tip Title`, as Docusaurus, VuePress and VitePress have them.

https://docusaurus.io/docs/markdown-features/admonitions,
https://vitepress.dev/guide/markdown#custom-containers
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.digest.containers import KINDS, closing, opening
from newsletter.digest.dialects.lines import BREAK

FENCE = re.compile(r"([ \t>]*)(:{3,})(.*)")
HEAD = re.compile(
    r"[ \t]*(?P<name>[A-Za-z@][\w-]*)(?:\{[^{}]{0,300}\})?[ \t]*"
    r"(?:\[(?P<bracketed>(?:[^\[\]]|\[[^\[\]]*\]){0,400})\])?[ \t]*(?:\{[^{}]{0,300}\})?[ \t]*(?P<title>.*)"
)
FOLDS = ("details", "spoiler", "collapse", "accordion")
# What only groups, lays out, or keeps a template language away.
GROUPS = (
    *("code-group", "code-tabs", "tabs", "raw", "v-pre", "card", "cards", "grid", "columns"),
    *("steps", "center", "left", "right", "justify", "theorem", "col", "row", "block"),
)
# A box within one of these has its own title: `::: code-group-item npm`, `@tab npm`.
TABS = ("code-group-item", "tab", "code-tab")
VUEPRESS_TAB = re.compile(r"([ \t>]*)@tab(?::active)?[ \t]+([^\n#]{1,200})(?:#\S+)?[ \t]*$")
COLOURS = ("secondary", "primary", "default", "demo", "lit")


@dataclass(frozen=True, slots=True)
class Box:
    """An open box: how many colons opened it, and what closes it."""

    colons: int
    closes: str


def lift_colons(text: str, unknown: Callable[[str, int], None]) -> str:
    """Return text with boxes in neutral lines, line for line; `unknown` is told of other names."""
    if ":::" not in text:
        return text
    lines = text.split("\n")
    opened: list[Box] = []
    for at, line in enumerate(lines):
        fence = FENCE.match(line)
        tab = VUEPRESS_TAB.match(line) if opened else None
        if tab:
            lines[at] = f"{tab[1]}**{tab[2].strip()}**{BREAK}{tab[1].rstrip()}"
        if fence is None:
            continue
        if not fence[3].strip(": \t"):
            if opened:
                lines[at] = fence[1] + _close(opened, len(fence[2]))
        elif head := HEAD.fullmatch(fence[3].rstrip()):
            written, closes = _opened(head, at + 1, unknown)
            opened.append(Box(len(fence[2]), closes))
            lines[at] = fence[1] + written
    return "\n".join(lines)


def _close(opened: list[Box], colons: int) -> str:
    """Close the box that this many colons opened, and those in it; else the innermost one."""
    place = next(
        (at for at in range(len(opened) - 1, -1, -1) if opened[at].colons == colons),
        len(opened) - 1,
    )
    closed = opened[place:]
    del opened[place:]
    return BREAK.join(box.closes for box in reversed(closed) if box.closes)


def _opened(head: re.Match[str], line: int, unknown: Callable[[str, int], None]) -> tuple[str, str]:
    name = head["name"].lower()
    title = (head["bracketed"] or head["title"] or "").strip()
    if name in KINDS or name in COLOURS:
        return opening(name if name in KINDS else "note", title), closing()
    if name in FOLDS:
        return opening("details", title.removesuffix("{open}").strip()), closing()
    if name in TABS:
        return (f"**{title}**{BREAK}" if title else ""), ""
    if name not in GROUPS:
        unknown(f":::{head['name']}", line)
        return (f"**{title}**{BREAK}" if title else ""), ""
    return "", ""
