"""Tables in plain text: columns where they fit, else one record after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.render.wrapping import DRAWN, width, wrap

GAP = "  "


@dataclass(slots=True)
class Table:
    """The words of a table: its head (may be empty), its rows, and what is set to the right."""

    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)


def table_lines(table: Table, columns: int) -> list[str]:
    """Return a table as lines of at most `columns`, wherever its words can be broken."""
    rows = [[" ".join(cell.split()) for cell in row] for row in (table.head, *table.rows)]
    count = max(map(len, rows))
    rows = [row + [""] * (count - len(row)) for row in rows]
    widths = [max(width(row[place]) for row in rows) for place in range(count)]
    if sum(widths) + len(GAP) * (count - 1) <= columns:
        return _columns(rows, widths, table.right + [False] * (count - len(table.right)))
    return _records(rows[0], rows[1:], columns)


def _columns(
    rows: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[bool]
) -> list[str]:
    def line(row: Sequence[str]) -> str:
        cells = []
        for cell, wide, is_right in zip(row, widths, right, strict=True):
            blanks = " " * (wide - width(cell))
            cells.append(blanks + cell if is_right else cell + blanks)
        return GAP.join(cells).translate(DRAWN).rstrip()

    head, *body = rows
    rule = GAP.join("-" * wide for wide in widths)
    lines = [line(row) for row in body]
    return [line(head), rule, *lines] if any(head) else lines


def _records(head: Sequence[str], rows: Sequence[Sequence[str]], columns: int) -> list[str]:
    lines: list[str] = []
    for row in rows:
        if lines:
            lines.append("")
        for name, cell in zip(head, row, strict=True):
            if cell:
                lines += wrap(cell, columns, f"{name}: " if name else "", "    ")
    return lines
