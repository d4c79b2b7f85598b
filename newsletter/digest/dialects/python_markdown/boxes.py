"""Boxes whose words are set in below their head: `!!! note "Title"`, `??? tip`, `=== "Tab"`.

https://python-markdown.github.io/extensions/admonition/,
https://facelessuser.github.io/pymdown-extensions/, which also has `/// note | Title`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.digest.containers import KINDS, admonition, closing, opening
from newsletter.digest.dialects.lines import BREAK

HEAD = re.compile(r"(!!!|\?\?\?\+?|===[!+]?)[ \t]+(.+)")
TITLE = re.compile(
    r"(?P<classes>[\w-]+(?:[ \t]+[\w-]+)*)?[ \t]*(?:[\"'](?P<title>.*)[\"'])?[ \t]*(?:\{[^{}]*\})?"
)
FENCED = re.compile(r"[ \t]*/{3,}(?:[ \t]+(?P<name>[\w-]+)[ \t]*(?:\|[ \t]*(?P<title>.*))?)?[ \t]*")
GENERATED = re.compile(r":::[ \t]+([\w.]{1,200})[ \t]*")
LAYOUT = ("inline", "end", "annotate")


@dataclass(frozen=True, slots=True)
class Block:
    """An open block: where its words begin, where they go, and what closes it."""

    column: int
    out: int
    closes: str


def lift_blocks(text: str, unknown: Callable[[str, int], str]) -> str:
    """Return text with boxes in neutral lines, their words no longer set in."""
    lines = text.split("\n")
    opened: list[Block] = []
    fenced: list[str] = []
    filled = 0
    for at, line in enumerate(lines):
        words = line.lstrip(" ")
        if not words.strip():
            continue
        column = len(line) - len(words)
        while opened and column < opened[-1].column:
            _close(lines, filled, at, opened.pop())
        shift = opened[-1].column - opened[-1].out if opened else 0
        filled = at
        lines[at] = " " * (column - shift) + words
        block = _block(lines, at, words, column, column - shift)
        if block:
            opened.append(block)
        elif words.startswith("///"):
            lines[at] = _fenced(lines, at, fenced)
        elif generated := GENERATED.fullmatch(words):
            lines[at] = unknown(f"::: {generated[1]}", at + 1)
    while opened:
        _close(lines, filled, len(lines), opened.pop())
    return "\n".join(lines)


def _block(lines: list[str], at: int, words: str, column: int, out: int) -> Block | None:
    """Return the block that a line opens, if any, and write what opens it."""
    head = HEAD.fullmatch(words)
    title = TITLE.fullmatch(head[2].strip()) if head else None
    if head is None or title is None:
        return None
    indent = " " * out
    name = title["title"] or ""
    if head[1].startswith("==="):
        if not name:
            return None
        lines[at] = _label(lines, at, indent, name)
        return Block(column + 4, out, "")
    kinds = [one for one in (title["classes"] or "note").split() if one not in LAYOUT]
    kind = kinds[0].lower() if kinds else "note"
    if head[1].startswith("?"):
        lines[at] = indent + opening(
            "details", name or (admonition(kind)[1] if kind in KINDS else "")
        )
    else:
        lines[at] = indent + opening(kind, name)
    return Block(column + 4, out, indent + closing())


def _close(lines: list[str], last: int, at: int, block: Block) -> None:
    """Write what closes a block, into the empty line below its last words where there is one."""
    if not block.closes:
        return
    if last + 1 < at and not lines[last + 1].strip():
        lines[last + 1] = block.closes
    else:
        lines[last] += f"{BREAK}{block.closes}"


def _label(lines: list[str], at: int, indent: str, name: str) -> str:
    """Return a tab's label as a paragraph, parted from what stands right above."""
    is_below_words = at > 0 and bool(lines[at - 1].strip())
    return f"{BREAK if is_below_words else ''}{indent}**{name}**{BREAK}"


def _fenced(lines: list[str], at: int, fenced: list[str]) -> str:
    line = lines[at]
    found = FENCED.fullmatch(line)
    if found is None:
        return line
    indent = line[: len(line) - len(line.lstrip(" "))]
    name, title = (found["name"] or "").lower(), (found["title"] or "").strip()
    if not name:
        return indent + (fenced.pop() if fenced else "")
    if name in ("tab", "html", "define", "caption", "figure-caption"):
        fenced.append("")
        return _label(lines, at, indent, title) if name == "tab" and title else ""
    fenced.append(closing())
    if name == "details":
        return indent + opening("details", title)
    return indent + opening(name, title)
