"""kramdown's own blocks as plain Markdown: attribute lists, comments, HTML with Markdown, tables."""

import re
from collections.abc import Sequence

from newsletter.digest.containers import closing, opening
from newsletter.digest.dialects.attributes import Attributes
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.kramdown.attributes import (
    LIST,
    attributes,
    box,
    has_title,
    shown,
    without_spans,
)
from newsletter.digest.dialects.kramdown.markdown_in_html import without_markdown_attributes
from newsletter.digest.dialects.kramdown.tables import with_headed_tables
from newsletter.digest.dialects.lines import Line, lines_of

BLOCK_LIST = re.compile(rf"([ \t>]*){LIST}[ \t]*")
DEFINITION = re.compile(r"[ \t>]*\{:(\w[\w-]*):\s+([^{}]+)\}[ \t]*")
COMMENT = re.compile(r"[ \t>]*\{::comment\}")
COMMENT_END = re.compile(r"\{:/(?:comment)?\}[ \t]*$")
HEADING = re.compile(r"[ \t]*#{1,6}\s|[ \t]*(?:=+|-{2,})[ \t]*$")
ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")
QUOTE = re.compile(r"[ \t]*> ?")


def lift_kramdown(lifted: Lifted) -> Lifted:
    """Return a body in which what only kramdown understands is Markdown, HTML or a box."""
    lines = with_headed_tables(_without_comments(lines_of(lifted)))
    return _with_attributes(lines, lifted)


def lift_attributes(lifted: Lifted) -> Lifted:
    """Do only what Python-Markdown also understands: attribute lists, and Markdown in HTML."""
    return _with_attributes(lines_of(lifted), lifted)


def _with_attributes(lines: Sequence[Line], lifted: Lifted) -> Lifted:
    defined: dict[str, str] = {}
    lines = _without_lists(_without_definitions(lines, defined), defined)
    lines = without_markdown_attributes(lines)
    text = without_spans("\n".join(line.text for line in lines), defined)
    return Lifted(text, lifted.findings, tuple(line.number for line in lines))


def _without_comments(lines: Sequence[Line]) -> list[Line]:
    last = max((at for at, line in enumerate(lines) if COMMENT_END.search(line.text)), default=-1)
    kept: list[Line] = []
    within = False
    for at, line in enumerate(lines):
        if not line.is_code and not within and COMMENT.match(line.text) and at <= last:
            within = True
        if not within:
            kept.append(line)
        elif COMMENT_END.search(line.text):
            within = False
            kept.append(line.saying(""))
    return kept


def _without_definitions(lines: Sequence[Line], defined: dict[str, str]) -> list[Line]:
    kept = []
    for line in lines:
        found = None if line.is_code else DEFINITION.fullmatch(line.text)
        if found:
            defined[found[1]] = found[2]
            line = line.saying("")
        kept.append(line)
    return kept


def _without_lists(lines: Sequence[Line], defined: dict[str, str]) -> list[Line]:
    """Apply the attribute lists that have a line of their own to the block before or after them."""
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        found = None if line.is_code else BLOCK_LIST.fullmatch(line.text)
        at += 1
        if not found:
            kept.append(line.saying("") if line.text == "^" and not line.is_code else line)
            continue
        list_ = attributes(found[2], defined)
        after = at < len(lines) and not lines[at].is_blank
        if kept and not kept[-1].is_blank:
            _apply_before(kept, list_)
            if after and not ITEM.match(lines[at].text):
                kept.append(line.saying(""))
        elif after and box(list_):
            end = _end_of_block(lines, at)
            kept += _boxed(lines[at:end], list_)
            at = end
    return kept


def _apply_before(kept: list[Line], list_: Attributes) -> None:
    last = kept[-1]
    if "toc" in list_.words:
        while kept and not kept[-1].is_blank:
            kept.pop()
    elif list_.id and HEADING.match(last.text):
        at = len(kept) - 1 if last.text.lstrip().startswith("#") else len(kept) - 2
        if at >= 0:
            kept[at] = kept[at].saying(f"{kept[at].text.rstrip()} {{#{list_.id}}}")
    elif shown(list_) and last.text.rstrip().endswith(")"):
        kept[-1] = last.saying(last.text.rstrip() + shown(list_))
    elif box(list_) and not last.is_code:
        start = _start_of_block(kept)
        kept[start:] = _boxed(kept[start:], list_)


def _start_of_block(lines: Sequence[Line]) -> int:
    at = len(lines)
    while at and not lines[at - 1].is_blank and not lines[at - 1].is_code:
        at -= 1
    return at


def _end_of_block(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and not lines[at].is_blank:
        at += 1
    return at


def _boxed(block: Sequence[Line], list_: Attributes) -> list[Line]:
    """Return a block in the box that its theme draws for it; a quote is one no more."""
    if all(QUOTE.match(line.text) for line in block):
        block = [line.saying(QUOTE.sub("", line.text, count=1)) for line in block]
    title = ""
    if has_title(list_) and len(block) > 1:
        title, block = block[0].text.strip(), block[1:]
    first, last = block[0], block[-1]
    return [
        first.saying(opening(box(list_), title)),
        *block,
        last.saying(closing()),
        last.saying(""),
    ]
