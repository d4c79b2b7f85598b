"""Pandoc's grid tables, whose cells hold blocks: as HTML, with Markdown in the cells.

https://pandoc.org/MANUAL.html#extension-grid_tables
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.lines import Line, lines_of
from newsletter.digest.dialects.quarto.tables import Cell, in_lines, row

RULE = re.compile(r"[ \t>]*\+(?:[-=:]+\+)+[ \t]*")
ROW = re.compile(r"[ \t>]*[|+].*[|+][ \t]*")
HEAD = "="
SIDES = {(True, True): "center", (True, False): "left", (False, True): "right"}
# No word of a post stands there: the second column of a wide letter.
SECOND = "\0"
MOST_ROWS = 2_000


def lift_grids(body: str) -> str:
    """Return a body with its grid tables as HTML, in as many lines."""
    if "+-" not in body and "+=" not in body and "+:" not in body:
        return body
    lines = lines_of(Lifted(body))
    texts = [line.text for line in lines]
    at = 0
    while at < len(lines):
        end = _end(lines, at)
        if end > at:
            texts[at:end] = _written(texts[at:end])
        at = max(end, at + 1)
    return "\n".join(texts)


def _end(lines: Sequence[Line], at: int) -> int:
    """Return where the table that begins in a line ends; the line itself where none begins."""
    if lines[at].is_code or not RULE.fullmatch(lines[at].text):
        return at
    end = at
    while end < len(lines) and end - at < MOST_ROWS and ROW.fullmatch(lines[end].text):
        end += 1
    while not RULE.fullmatch(lines[end - 1].text):
        end -= 1
    return end if end - at > 2 else at


def _written(texts: Sequence[str]) -> list[str]:
    """Return the lines of a table as lines of HTML."""
    indent = texts[0][: texts[0].index("+")]
    grid = [_columns(text[len(indent) :].rstrip()) for text in texts]
    rules = [at for at, line in enumerate(grid) if RULE.fullmatch(line)]
    edges = sorted({place for at in rules for place, one in enumerate(grid[at]) if one == "+"})
    # Below its head a table has a rule of another kind; so it may have above its foot and at its end.
    head = next((at for at in rules[1:-1] if HEAD in grid[at]), 0)
    sides = _sides(grid[head], edges)
    written: list[str] = []
    for top, bottom in pairwise(rules):
        html = row(_cells(grid[top + 1 : bottom], edges, sides), is_head=bottom <= head)
        written += in_lines(html if top else ["<table>", *html], indent, bottom - top)
    return [*written, indent + "</table>"]


def _columns(text: str) -> str:
    """Return a line in which each letter's place is the column it stands in."""
    if text.isascii():
        return text
    wide = (one + SECOND if unicodedata.east_asian_width(one) in "WF" else one for one in text)
    return "".join(wide)


def _sides(rule: str, edges: Sequence[int]) -> list[str]:
    """Return on which side the words of each column stand, by the colons in a rule."""
    sides = []
    for left, right in pairwise(edges):
        inside = rule[left + 1 : right]
        sides.append(SIDES.get((inside.startswith(":"), inside.endswith(":")), ""))
    return sides


def _cells(lines: Sequence[str], edges: Sequence[int], sides: Sequence[str]) -> list[Cell]:
    """Return the cells of a row: where no line has a stroke at an edge, a cell goes on past it."""
    cells: list[Cell] = []
    first = 0
    for number in range(1, len(edges)):
        place = edges[number]
        is_last = number == len(edges) - 1
        if not is_last and not all(line[place : place + 1] in ("|", "+") for line in lines):
            continue
        words = [line[edges[first] + 1 : place].replace(SECOND, "") for line in lines]
        cells.append(Cell(words, number - first, sides[first]))
        first = number
    return cells
