"""Tables in plain text: columns where they fit, else one record after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from newsletter.render.wrapping import DRAWN, width, wrap

GAP = "  "
# A cell that claims to be wider or higher is drawn so.
MOST_SPANNED = 20


@dataclass(slots=True)
class Cell:
    """A cell: its words, or the lines of its blocks where it holds more than words."""

    words: str = ""
    lines: list[str] = field(default_factory=list)
    is_right: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Row:
    """A row of cells; `is_head` for one that names columns."""

    cells: list[Cell] = field(default_factory=list)
    is_head: bool = False


def rows_of(tokens: Sequence[Token]) -> Iterator[tuple[bool, list[tuple[Token, Sequence[Token]]]]]:
    """Yield the rows in a table's tokens: whether it is a head, and each cell with what it holds."""
    cells: list[tuple[Token, Sequence[Token]]] = []
    depth = start = 0
    in_head = False
    for place, token in enumerate(tokens):
        if token.type in ("table_open", "table_close"):
            depth += token.nesting
        elif depth:
            continue
        elif token.type in ("thead_open", "thead_close"):
            in_head = token.nesting > 0
        elif token.type == "tr_open":
            cells = []
        elif token.type in ("th_open", "td_open"):
            start = place
        elif token.type in ("th_close", "td_close"):
            cells.append((tokens[start], tokens[start + 1 : place]))
        elif token.type == "tr_close":
            yield in_head, cells


def cell_of(opening: Token) -> Cell:
    """Return an empty cell of this token's place and size."""
    style = str(opening.attrs.get("style", ""))
    return Cell(
        is_right="right" in style,
        columns=_span(opening, "colspan"),
        rows=_span(opening, "rowspan"),
    )


def table_lines(rows: Sequence[Row], columns: int) -> list[str]:
    """Return a table as lines of at most `columns`, wherever its words can be broken."""
    grid = _grid(rows)
    if not grid or not grid[0]:
        return []
    heads = sum(row.is_head for row in rows)
    words = [[" ".join(cell.words.split()) for cell in row] for row in grid]
    widths = [max(width(row[place]) for row in words) for place in range(len(words[0]))]
    has_blocks = any(cell.lines for row in grid for cell in row)
    if sum(widths) + len(GAP) * (len(widths) - 1) <= columns and not has_blocks:
        is_right = [any(row[place].is_right for row in grid) for place in range(len(widths))]
        return _columns(words, widths, is_right, heads)
    names = [" ".join(filter(None, column)) for column in zip(*words[:heads], strict=True)]
    return _records(names or [""] * len(widths), grid[heads:], columns)


def _span(opening: Token, name: str) -> int:
    written = str(opening.attrs.get(name, ""))
    return max(1, min(int(written), MOST_SPANNED)) if written.isdigit() else 1


def _grid(rows: Sequence[Row]) -> list[list[Cell]]:
    """Return rows of one length: empty cells where another spreads, or none is written."""
    grid: list[list[Cell]] = []
    # How many more rows each column is taken by a cell from above.
    taken: dict[int, int] = {}
    for row in rows:
        line: list[Cell] = []
        cells = iter(row.cells)
        while True:
            if taken.get(len(line)):
                taken[len(line)] -= 1
                line.append(Cell())
                continue
            cell = next(cells, None)
            if cell is None:
                break
            for place in range(len(line), len(line) + cell.columns):
                taken[place] = cell.rows - 1
            line += [cell, *(Cell(is_right=cell.is_right) for _ in range(cell.columns - 1))]
        grid.append(line)
    count = max(map(len, grid), default=0)
    return [line + [Cell() for _ in range(count - len(line))] for line in grid]


def _columns(
    rows: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[bool], heads: int
) -> list[str]:
    def line(row: Sequence[str]) -> str:
        cells = []
        for cell, wide, is_right in zip(row, widths, right, strict=True):
            blanks = " " * (wide - width(cell))
            cells.append(blanks + cell if is_right else cell + blanks)
        return GAP.join(cells).translate(DRAWN).rstrip()

    lines = [line(row) for row in rows]
    if any(any(row) for row in rows[:heads]):
        return [*lines[:heads], GAP.join("-" * wide for wide in widths), *lines[heads:]]
    return lines[heads:]


def _records(names: Sequence[str], rows: Sequence[Sequence[Cell]], columns: int) -> list[str]:
    lines: list[str] = []
    for row in rows:
        record: list[str] = []
        for name, cell in zip(names, row, strict=True):
            if cell.lines:
                record += [*([f"{name}:"] if name else []), *cell.lines]
            elif cell.words.strip():
                words = " ".join(cell.words.split())
                record += wrap(words, columns, f"{name}: " if name else "", "    ")
        lines += ["", *record] if lines and record else record
    return lines
