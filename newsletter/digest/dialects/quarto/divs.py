"""Pandoc's fenced divs, `::: {.callout-note}`: boxes, tabs, figures; the others only lay out.

https://quarto.org/docs/authoring/callouts.html, …/figures.html, …/article-layout.html
"""

import re
from dataclasses import dataclass

from newsletter.digest.author_text import HIDDEN_CODE as MARK
from newsletter.digest.containers import closing, opening
from newsletter.digest.dialects.attributes import Attributes, read_attributes
from newsletter.digest.dialects.lines import BREAK
from newsletter.digest.dialects.quarto.numbers import KINDS, THEOREMS, Numbers

DIV = re.compile(r"([ \t>]*):{3,}(.*)")
CLOSING = re.compile(r"[:\s]*")
HEAD = re.compile(r"\{(?P<attributes>.*)\}|(?P<name>[\w-]+)")
HEADING = re.compile(r"([ \t>]*)#{1,6}[ \t]+")
ASIDES = ("column-margin", "aside", "margin-aside", "marginnote")
# What no reader of the page sees.
UNSEEN = ("hidden", "notes", "d-none")
FORMATS = ("html", "html:js")
# No caption is longer, and no box begins with more empty lines.
MOST_LINES = 30
PICTURE = re.compile(rf"\[?!\[|:{{3,}}|\||<|\{{\{{|{MARK}")


@dataclass(slots=True)
class Div:
    """An open div: its line, what closes it, and what its lines become."""

    attributes: Attributes
    closes: str
    is_tabs: bool = False
    is_unseen: bool = False


def lift_divs(text: str, numbers: Numbers) -> str:
    """Return text with divs as boxes or as nothing, line for line."""
    if ":::" not in text:
        return text
    lines = text.split("\n")
    ends = _ends(lines)
    opened: list[Div] = []
    for at, line in enumerate(lines):
        div = DIV.match(line)
        unseen = bool(opened) and opened[-1].is_unseen
        if div and CLOSING.fullmatch(div[2]):
            closed = opened.pop() if opened else None
            lines[at] = div[1] + closed.closes if closed and not unseen else div[1].rstrip()
        elif div and at in ends:
            one, line = _opened(lines, at, ends[at], div, numbers)
            one.is_unseen = unseen or one.is_unseen
            opened.append(one)
            lines[at] = "" if one.is_unseen else line
        elif unseen:
            lines[at] = ""
        elif opened and opened[-1].is_tabs:
            lines[at] = _tab(line, lines[at - 1])
    return "\n".join(lines)


def _ends(lines: list[str]) -> dict[int, int]:
    """Return, for each line that opens a div, the line that closes it."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for at, line in enumerate(lines):
        div = DIV.match(line)
        if div is None:
            continue
        if CLOSING.fullmatch(div[2]):
            if opened:
                ends[opened.pop()] = at
        elif _head(div):
            opened.append(at)
    return ends | dict.fromkeys(opened, len(lines))


def _head(div: re.Match[str]) -> re.Match[str] | None:
    return HEAD.fullmatch(div[2].strip().rstrip(":").rstrip())


def _opened(
    lines: list[str], at: int, end: int, div: re.Match[str], numbers: Numbers
) -> tuple[Div, str]:
    head = _head(div)
    name = head["name"] if head else None
    attributes = (
        Attributes(classes=(name,))
        if name
        else read_attributes(head["attributes"] if head else "") or Attributes()
    )
    indent = div[1]
    callout = next((one for one in attributes.classes if one.startswith("callout")), "")
    kind = attributes.id.partition("-")[0]
    if callout:
        title = attributes.get("title") or _first_heading(lines, at + 1, end)
        box = callout.removeprefix("callout").removeprefix("-") or "note"
        title = numbers.captioned(attributes.id, title)
        return Div(attributes, closing()), indent + opening(box, title)
    if _is_unseen(attributes):
        return Div(attributes, "", is_unseen=True), ""
    if set(attributes.classes) & set(ASIDES):
        return Div(attributes, closing()), indent + opening("aside")
    proof = numbers.proof(attributes.classes)
    if kind in THEOREMS or proof:
        name = attributes.get("name") or _first_heading(lines, at + 1, end)
        words = " ".join(filter(None, (proof or numbers.name(attributes.id), name and f"({name})")))
        return Div(attributes, closing()), indent + opening("aside", words)
    if kind in KINDS:
        caption = attributes.get("fig-cap", "tbl-cap", "lst-cap", "title")
        caption = numbers.captioned(attributes.id, caption or _last_words(lines, at + 1, end))
        return Div(attributes, closing()), indent + opening("figure", caption)
    return Div(attributes, "", is_tabs="panel-tabset" in attributes.classes), indent.rstrip()


def _is_unseen(attributes: Attributes) -> bool:
    classes = attributes.classes
    shown_in, not_in = attributes.get("when-format"), attributes.get("unless-format")
    is_html = not shown_in or shown_in.startswith(FORMATS)
    if not_in:
        is_html = not not_in.startswith(FORMATS)
    if "content-visible" in classes:
        return not is_html
    if "content-hidden" in classes:
        return is_html
    return bool(set(classes) & set(UNSEEN))


def _first_heading(lines: list[str], start: int, end: int) -> str:
    """Take the heading that begins a callout: it is its title."""
    for at in range(start, min(end, start + MOST_LINES)):
        heading = _heading(lines[at])
        if heading:
            lines[at] = heading[0].rstrip()
            return heading[1]
        if lines[at].strip(" \t>"):
            break
    return ""


def _last_words(lines: list[str], start: int, end: int) -> str:
    """Take the last paragraph of a figure or table: it is its caption."""
    words: list[str] = []
    for at in range(end - 1, max(start, end - MOST_LINES) - 1, -1):
        line = lines[at].strip(" \t>")
        if line and PICTURE.match(line):
            return ""
        if words and not line:
            for taken in range(at, end):
                lines[taken] = ""
            return " ".join(reversed(words))
        if line:
            words.append(line)
    return ""


def _tab(line: str, above: str) -> str:
    """Return a heading among tabs as a label, parted from what stands right above and below."""
    heading = _heading(line)
    if heading is None:
        return line
    indent = heading[0].rstrip()
    before = f"{indent}{BREAK}" if above.strip(" \t>") else ""
    return f"{before}{heading[0]}**{heading[1]}**{BREAK}{indent}"


def _heading(line: str) -> tuple[str, str] | None:
    """Return what a heading is set in by, and its words without attributes."""
    heading = HEADING.match(line)
    if heading is None:
        return None
    words = line[heading.end() :].strip().rstrip("#").rstrip()
    if words.endswith("}"):
        words = words.rpartition("{")[0].rstrip()
    return heading[1], words
