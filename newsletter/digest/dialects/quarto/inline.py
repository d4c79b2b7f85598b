"""Pandoc's small marks: raw HTML, `~sub~`, `^sup^`, line blocks, table captions, page breaks.

https://pandoc.org/MANUAL.html
"""

import re
from collections.abc import Callable

from newsletter.digest.author_text import HIDDEN_CODE as MARK
from newsletter.digest.code_spans import Hidden
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.lines import BREAK
from newsletter.digest.dialects.quarto.numbers import Numbers
from newsletter.digest.dialects.unknown import Unknown, online

AFTER_CODE = re.compile(rf"{MARK}(\d+){MARK}\{{([^{{}}\n]{{1,200}})\}}")
RUN = re.compile(r"`+\s*(?:\{?(r|python|julia|ojs|bash|sql)\}?)\s+\S")
# Mathematics first: its carets and tildes are its own.
SMALL = re.compile(
    r"\$\$.{1,2000}?\$\$|\$[^\s$](?:[^$\n]{0,400}[^\s$])?\$"
    r"|(?<!\\)(?<!~)~(?P<sub>[^~\s]{1,80})~(?!~)"
    r"|(?<![\\\[])\^(?P<sup>[^\^\s\[\]]{1,80})\^",
    re.DOTALL,
)
CAPTION = re.compile(r"([ \t>]*)(?:Table)?:[ \t]+(\S.*)")
LABELLED = re.compile(r"\{[^{}]{0,200}?#(tbl-[\w.:-]*\w)[^{}]{0,200}\}|\{[^{}]{0,400}\}")
TEX_BREAK = re.compile(r"[ \t]*\\(?:newpage|pagebreak|clearpage|newline)[ \t]*")
UNNUMBERED = re.compile(r"(#{1,6}[ \t].*)\{-\}[ \t]*")
NUMBERED_ITEM = re.compile(r"([ \t>]*)#\.(?=[ \t])")


def lift_raw(hidden: Hidden) -> str:
    """Return the text of a body with raw HTML in it, and code without attributes."""

    def raw(found: re.Match[str]) -> str:
        if found[2].startswith("="):
            return hidden.code(found[1]).strip("` ") if found[2][1:] == "html" else ""
        return f"{MARK}{found[1]}{MARK}" if found[2][0] in ".#" or "=" in found[2] else found[0]

    return AFTER_CODE.sub(raw, hidden.text)


def run_code(page: Page, unknown: Unknown) -> Callable[[str, int], str]:
    """Return a function that puts a link in the place of code which the site's build runs."""

    def rewrite(code: str, line: int) -> str:
        if not RUN.match(code):
            return code
        unknown.compute(code.strip("` ")[:40], line)
        return f"({online(page)})"

    return rewrite


def lift_small(text: str) -> str:
    """Return text with subscripts and superscripts as HTML."""

    def small(found: re.Match[str]) -> str:
        tag = found.lastgroup
        return f"<{tag}>{found[tag]}</{tag}>".replace("\\ ", "\u00a0") if tag else found[0]

    return SMALL.sub(small, text) if "~" in text or "^" in text else text


def lift_lines(text: str, numbers: Numbers) -> str:
    """Return text with what pandoc tells by the beginning of a line."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        above = lines[at - 1] if at else ""
        start = line.lstrip(" \t>")[:1]
        if start == "|":
            lines[at] = _line_of_verse(lines, at)
        elif start in ("T", ":"):
            lines[at] = _caption(line, above, lines[at - 2] if at > 1 else "", numbers)
        elif start == "\\" and TEX_BREAK.fullmatch(line):
            lines[at] = ""
        elif start == "#":
            item = NUMBERED_ITEM.match(line)
            lines[at] = f"{item[1]}1.{line[item.end() :]}" if item else line
            if "{-}" in line and (plain := UNNUMBERED.fullmatch(line)):
                lines[at] = plain[1].rstrip()
    return "\n".join(lines)


def _line_of_verse(lines: list[str], at: int) -> str:
    """Return a line of a line block, which ends where it ends in the source."""
    line = lines[at]
    words = line.lstrip(" \t>")[1:]
    if "|" in words or not words.startswith(" "):
        return line
    following = lines[at + 1].lstrip(" \t>") if at + 1 < len(lines) else ""
    shown = words[1:].lstrip(" ")
    indent = "\u00a0" * (len(words) - 1 - len(shown))
    return indent + shown.rstrip() + ("\\" if following.startswith("| ") else "")


def _caption(line: str, above: str, before: str, numbers: Numbers) -> str:
    found = CAPTION.fullmatch(line)
    table = above if above.strip(" \t>") else before
    if found is None or not table.lstrip(" \t>").startswith(("|", "</table>")):
        return line
    label = LABELLED.search(found[2])
    words = LABELLED.sub("", found[2]).strip()
    caption = numbers.captioned((label[1] if label else "") or "", words)
    return f"{found[1]}{BREAK if above.strip() else ''}{caption}"
