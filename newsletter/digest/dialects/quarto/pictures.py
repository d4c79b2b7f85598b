"""Spans and what has attributes: `[words]{.x}`, `![Caption](a.png){#fig-x width=50%}`.

A picture alone in its paragraph is a figure in pandoc, and its description is the caption.
https://pandoc.org/MANUAL.html#images
"""

import re
from collections.abc import Iterator

from newsletter.digest.containers import closing, opening
from newsletter.digest.dialects.attributes import Attributes, read_attributes
from newsletter.digest.dialects.lines import BREAK
from newsletter.digest.dialects.quarto.divs import UNSEEN
from newsletter.digest.dialects.quarto.numbers import Numbers
from newsletter.digest.dialects.written import picture

BRACKET = re.compile(r"\\.|[\[\]]|\n[ \t>]*\n", re.DOTALL)
BRACES = re.compile(r"\{([^{}\n]{0,600})\}")
TARGET = re.compile(
    r"\([ \t]*<?(?P<url>[^()\s<>]{0,800}(?:\([^()\s]{0,200}\)[^()\s<>]{0,200})?)>?"
    r"(?:[ \t]+\"(?P<title>[^\"\n]{0,600})\")?[ \t]*\)"
)
SPANS = {
    "underline": "u",
    "ul": "u",
    "mark": "mark",
    "highlight": "mark",
    "kbd": "kbd",
    "strikeout": "del",
}
# Beside these lines a picture stands alone: nothing, or a box's own line.
EDGE = re.compile("[ \t>]*(?:[\ue010\ue012].*)?")

Edit = tuple[int, int, str]


def lift_attributes(text: str, numbers: Numbers) -> str:
    """Return text without attributes in braces: spans as HTML, pictures as figures or as sized."""
    if "]" not in text or ("{" not in text and "![" not in text):
        return text
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(_edits(text, numbers)):
        if start >= at:
            parts += [text[at:start], new]
            at = end
    return "".join([*parts, text[at:]])


def _edits(text: str, numbers: Numbers) -> Iterator[Edit]:
    opened: list[int] = []
    for mark in BRACKET.finditer(text):
        if mark[0] == "[":
            opened.append(mark.start())
        elif mark[0][0] == "\n":
            opened.clear()
        elif mark[0] == "]" and opened:
            yield from _bracketed(text, opened.pop(), mark.start(), numbers)


def _bracketed(text: str, start: int, end: int, numbers: Numbers) -> Iterator[Edit]:
    """Yield what is to change about the brackets at `start` and `end`, and behind them."""
    target = TARGET.match(text, end + 1)
    braces = BRACES.match(text, target.end() if target else end + 1)
    attributes = read_attributes(braces[1]) if braces else None
    if target is None:
        if braces and attributes is not None and text[start + 1 : start + 2] != "^":
            yield from _span(start, end, braces.end(), attributes)
        return
    last = braces.end() if braces and attributes is not None else target.end()
    if text[start - 1 : start] == "!":
        written = _picture(
            text, start - 1, last, text[start + 1 : end], target, attributes, numbers
        )
        if written is not None:
            yield start - 1, last, written
    elif attributes is not None:
        yield target.end(), last, ""


def _span(start: int, end: int, last: int, attributes: Attributes) -> Iterator[Edit]:
    if set(attributes.classes) & set(UNSEEN):
        yield start, last, ""
        return
    tag = next((SPANS[one] for one in attributes.classes if one in SPANS), "")
    yield start, start + 1, f"<{tag}>" if tag else ""
    yield end, last, f"</{tag}>" if tag else ""


def _picture(
    text: str,
    start: int,
    last: int,
    caption: str,
    target: re.Match[str],
    attributes: Attributes | None,
    numbers: Numbers,
) -> str | None:
    """Return a picture as Markdown, None when it is to stay as it is."""
    attributes = attributes or Attributes()
    caption = attributes.get("fig-cap") or caption
    alt = attributes.get("fig-alt", "alt")
    sizes = {"width": attributes.get("width"), "height": attributes.get("height")}
    title = target["title"] or ""
    titled = numbers.captioned(attributes.id, caption)
    if not titled or not _stands_alone(text, start, last):
        is_changed = last > target.end()
        return picture(target["url"], alt or caption, title, **sizes) if is_changed else None
    indent = text[text.rfind("\n", 0, start) + 1 : start]
    shown = picture(target["url"], alt or caption, title, **sizes)
    return f"{BREAK}{indent}".join((opening("figure", titled), shown, closing()))


def _stands_alone(text: str, start: int, last: int) -> bool:
    first = text.rfind("\n", 0, start)
    end = text.find("\n", last)
    end = len(text) if end < 0 else end
    if text[first + 1 : start].strip(" \t>") or text[last:end].strip():
        return False
    above = text[text.rfind("\n", 0, max(first, 0)) + 1 : max(first, 0)]
    below_end = text.find("\n", end + 1)
    below = text[end + 1 : below_end if below_end >= 0 else len(text)]
    return bool(EDGE.fullmatch(above) and EDGE.fullmatch(below))
