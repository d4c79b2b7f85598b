"""A CSV file as rows with line numbers; a broken row costs itself and no other."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from subscribers.errors import FileRefused

LINES_IN_A_FIELD = 10
DELIMITERS = ",;\t"


class Row(NamedTuple):
    """One record: the line it begins on (from 1), its cells, or why it cannot be read."""

    line: int
    cells: Sequence[str]
    problem: str = ""


class Lines:
    """A file's lines with their numbers; some can be given back."""

    def __init__(self, file: TextIO) -> None:
        self._lines = enumerate(file, 1)
        self._waiting: deque[tuple[int, str]] = deque()

    def next(self) -> tuple[int, str] | None:
        """Return the next line and its number, None at the end."""
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def next_written(self) -> tuple[int, str] | None:
        """Return the next line that is not blank."""
        found = self.next()
        while found is not None and not found[1].strip():
            found = self.next()
        return found

    def give_back(self, lines: Sequence[tuple[int, str]]) -> None:
        """Let these lines come again, in their order."""
        self._waiting.extendleft(reversed(lines))


class Table:
    """An open CSV file: `head` names its columns, iteration gives its rows."""

    def __init__(self, lines: Lines, path: Path) -> None:
        """Read the head line; raises FileRefused when there is none."""
        self._lines = lines
        head = lines.next_written()
        if head is None:
            raise FileRefused(f"{path}: is empty", "export it again")
        self._delimiter = max(DELIMITERS, key=lambda one: len(_cells(head[1], one) or ()))
        cells = _cells(head[1], self._delimiter)
        if cells is None:
            raise FileRefused(f"{path}:{head[0]}: the head line is no CSV", "it names the columns")
        self.head = cells
        self._width = len(cells)

    def __iter__(self) -> Iterator[Row]:
        """Yield each row that holds something; a broken one with its problem."""
        delimiter, width = self._delimiter, self._width
        while (found := self._lines.next()) is not None:
            line, record = found
            if '"' in record:
                yield from self._quoted(line, record)
                continue
            cells = record.rstrip("\r\n").split(delimiter)
            if "\0" in record:
                yield Row(line, (), "holds a NUL character")
            elif len(cells) == width:
                if any(cells):
                    yield Row(line, cells)
            elif record.strip():
                yield Row(line, (), _wrong_width(len(cells), width))

    def _quoted(self, line: int, record: str) -> Iterator[Row]:
        whole = self._closed(record) if record.count('"') % 2 else record
        if whole is None:
            yield Row(line, (), "a quotation mark is not closed")
            return
        cells = _cells(whole, self._delimiter)
        if cells is None:
            yield Row(line, (), "cannot be read as CSV")
        elif len(cells) != self._width:
            yield Row(line, (), _wrong_width(len(cells), self._width))
        elif any(cells):
            yield Row(line, cells)

    def _closed(self, record: str) -> str | None:
        """Return the record with the lines that close its quotation mark.

        Without a mark within a few lines they are given back: one forgotten mark must not
        swallow everybody after it.
        """
        taken: list[tuple[int, str]] = []
        while len(taken) < LINES_IN_A_FIELD and (found := self._lines.next()) is not None:
            taken.append(found)
            if found[1].count('"') % 2:
                return record + "".join(line for _, line in taken)
        self._lines.give_back(taken)
        return None


def _cells(record: str, delimiter: str) -> list[str] | None:
    if "\0" in record:
        return None
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _wrong_width(found: int, width: int) -> str:
    return f"has {found} {'column' if found == 1 else 'columns'} instead of {width}"
