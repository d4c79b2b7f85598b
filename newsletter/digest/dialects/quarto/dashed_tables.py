"""Pandoc's simple and multiline tables, whose columns are those of a line of dashes.

      Right  Left
    -------  ------
         12  words

https://pandoc.org/MANUAL.html#extension-simple_tables
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.lines import Line, lines_of
from newsletter.digest.dialects.quarto.tables import Cell, in_lines, row

COLUMNS = re.compile(r" *--+(?: +--+)+ *")
EDGE = re.compile(r" *-{3,} *")
GROUP = re.compile(r"-+")
MOST_HEAD_LINES = 12
MOST_LINES = 600
LONGEST_LINE = 10_000


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table stands: its first line, its dashes, what follows it, and how rows are parted."""

    start: int
    dashes: int
    end: int
    by_empty_lines: bool


def lift_dashed_tables(body: str) -> str:
    """Return a body with such tables as HTML, in as many lines."""
    if "\n--" not in body and "\n -" not in body:
        return body
    lines = lines_of(Lifted(body))
    texts = [line.text for line in lines]
    ends = {pattern: _ends(lines, pattern) for pattern in (EDGE, COLUMNS)}
    at = 0
    while at < len(lines):
        table = None
        if not lines[at].is_code and COLUMNS.fullmatch(lines[at].text):
            table = _table(lines, at, ends)
        if table is not None:
            texts[table.start : table.end] = _written(texts, table)
        at = table.end if table else at + 1
    return "\n".join(texts)


def _ends(lines: Sequence[Line], pattern: re.Pattern[str]) -> list[int]:
    """Return the lines behind those that may close a table: dashes with an empty line after them."""
    return [
        at
        for at in range(1, len(lines) + 1)
        if not lines[at - 1].is_code
        and pattern.fullmatch(lines[at - 1].text)
        and (at == len(lines) or lines[at].is_blank)
    ]


def _table(
    lines: Sequence[Line], at: int, ends: Mapping[re.Pattern[str], Sequence[int]]
) -> Table | None:
    """Return the table whose dashes stand in a line."""
    head = at
    while head and at - head < MOST_HEAD_LINES and not lines[head - 1].is_blank:
        head -= 1
    if head < at and EDGE.fullmatch(lines[head].text):
        end = _end(lines, at, ends[EDGE])
        return Table(head, at, end, True) if end else None
    if head == at:
        # Without a head the dashes come again at the end.
        end = _end(lines, at, ends[COLUMNS])
        inside = lines[at + 1 : end - 1] if end else ()
        return Table(at, at, end, any(one.is_blank for one in inside)) if inside else None
    if head < at - 1:
        return None
    end = at + 1
    while end < len(lines) and not lines[end].is_blank and end - at < MOST_LINES:
        end += 1
    return Table(head, at, end, False) if end > at + 1 else None


def _end(lines: Sequence[Line], at: int, ends: Sequence[int]) -> int:
    """Return the line behind a table, the first of these; 0 where none is near, or code between."""
    place = bisect_right(ends, at + 1)
    end = ends[place] if place < len(ends) else 0
    if not end or end - at > MOST_LINES or any(one.is_code for one in lines[at:end]):
        return 0
    return end


def _written(texts: Sequence[str], table: Table) -> list[str]:
    """Return the lines of a table as lines of HTML."""
    starts, stops = zip(*(one.span() for one in GROUP.finditer(texts[table.dashes])), strict=True)
    ends = (*starts[1:], LONGEST_LINE)
    columns = tuple(zip((0, *starts[1:]), ends, strict=True))
    head = [one for one in texts[table.start : table.dashes] if not EDGE.fullmatch(one)]
    sides = [
        _side(head, column, dashes)
        for column, dashes in zip(columns, zip(starts, stops, strict=True), strict=True)
    ]

    def html(lines: Sequence[str], *, is_head: bool = False) -> list[str]:
        cells = [
            Cell([line[first:end] for line in lines], side=side)
            for (first, end), side in zip(columns, sides, strict=True)
        ]
        return row(cells, is_head=is_head) if lines else []

    groups = _groups(texts[table.dashes + 1 : table.end], by_empty_lines=table.by_empty_lines)
    rows = [html(lines) for lines in groups]
    rows[-1].append("</table>")
    written = in_lines(["<table>", *html(head, is_head=True)], "", table.dashes + 1 - table.start)
    for lines, made in zip(groups, rows, strict=True):
        written += in_lines(made, "", len(lines))
    return written


def _groups(lines: Sequence[str], *, by_empty_lines: bool) -> list[list[str]]:
    """Return the lines of each row; empty ones, and the dashes at the end, belong to the one above."""
    groups: list[list[str]] = [[]]
    is_new = False
    for line in lines:
        if not line.strip():
            is_new = True
        elif EDGE.fullmatch(line) or COLUMNS.fullmatch(line):
            line = ""
        elif groups[-1] and (is_new or not by_empty_lines):
            groups.append([])
            is_new = False
        groups[-1].append(line)
    return groups


def _side(head: Sequence[str], column: tuple[int, int], dashes: tuple[int, int]) -> str:
    """Return on which side of a column its words stand: where the dashes go on past its head."""
    words = [line[column[0] : column[1]] for line in head if line[column[0] : column[1]].strip()]
    if not words:
        return ""
    first = column[0] + min(len(one) - len(one.lstrip()) for one in words)
    last = column[0] + max(len(one.rstrip()) for one in words)
    if dashes[0] < first:
        return "center" if last < dashes[1] else "right"
    return "left" if last < dashes[1] else ""
