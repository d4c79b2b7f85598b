"""Rows of pandoc's tables as HTML with Markdown in the cells, in the lines that they had."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.digest.dialects.lines import BREAK


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, how many columns it takes, on which side its words stand."""

    lines: Sequence[str]
    span: int = 1
    side: str = ""


def row(cells: Sequence[Cell], *, is_head: bool) -> list[str]:
    """Return a row's lines of HTML."""
    name = "th" if is_head else "td"
    lines = ["<tr>"]
    for cell in cells:
        span = f' colspan="{cell.span}"' if cell.span > 1 else ""
        side = f' align="{cell.side}"' if cell.side else ""
        lines += [f"<{name}{span}{side}>", "", *_dedented(cell.lines), "", f"</{name}>"]
    return [*lines, "</tr>"]


def in_lines(html: Sequence[str], indent: str, count: int) -> list[str]:
    """Return HTML in so many lines of the file; the first one brings what is more."""
    lines = [indent + line for line in html]
    more = max(0, len(lines) - count)
    lines = [BREAK.join(lines[: more + 1]), *lines[more + 1 :]]
    return lines + [indent.rstrip()] * (count - len(lines))


def _dedented(words: Sequence[str]) -> list[str]:
    lines = [line.rstrip() for line in words]
    indent = min((len(one) - len(one.lstrip()) for one in lines if one.strip()), default=0)
    lines = [line[indent:] for line in lines]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines
