"""A CSV file as rows with line numbers; a broken row costs itself and no other."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from subscribers.errors import FileRefused

LINES_IN_A_FIELD = 10
LONGEST_ROW = 100_000
DELIMITERS = ",;\t"
_SEPARATOR = re.compile(rf'"?sep=([{DELIMITERS}])"?', re.IGNORECASE)


class Row(NamedTuple):
    """One record: the line it begins on (from 1), its cells, or why it cannot be read."""

    line: int
    cells: Sequence[str]
    problem: str = ""


class Lines:
    """A file's lines with their numbers; some can be given back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._number = 0
        self._waiting: deque[tuple[int, str]] = deque()

    @property
    def waiting(self) -> bool:
        """Whether lines were given back that did not come again yet."""
        return bool(self._waiting)

    @property
    def number(self) -> int:
        """The number of the next line."""
        return self._waiting[0][0] if self._waiting else self._number + 1

    def next(self) -> tuple[int, str] | None:
        """Return the next line and its number, None at the end."""
        if self._waiting:
            return self._waiting.popleft()
        line = next(self._file, None)
        if line is None:
            return None
        self._number += 1
        return self._number, line

    def next_written(self) -> tuple[int, str] | None:
        """Return the next line that holds more than separators."""
        found = self.next()
        while found is not None and not found[1].strip(f'{DELIMITERS}" \r\n'):
            found = self.next()
        return found

    def take(self, most: int) -> tuple[int, list[str]]:
        """Return the number of the next line, and up to so many lines; none at the end."""
        if self._waiting:
            first = self.number
            taken = [line for _, line in self._waiting]
            self._waiting.clear()
            return first, taken
        first = self._number + 1
        taken = list(islice(self._file, most))
        self._number += len(taken)
        return first, taken

    def give_back(self, lines: Sequence[tuple[int, str]]) -> None:
        """Let these lines come again, in their order."""
        self._waiting.extendleft(reversed(lines))

    def skip_to(self, number: int) -> None:
        """Leave out the lines before one of this number."""
        while (found := self.next()) is not None:
            if found[0] >= number:
                self.give_back([found])
                return


class Table:
    """An open CSV file: `head` names its columns, iteration gives its rows."""

    def __init__(self, lines: Lines, path: Path) -> None:
        """Read the head line; raises FileRefused when there is none."""
        self.lines = lines
        head = lines.next_written()
        # Excel's own first line, which names no columns.
        told = _SEPARATOR.fullmatch(head[1].strip("\r\n")) if head else None
        if told:
            head = lines.next_written()
        if head is None:
            raise FileRefused(f"{path}: is empty", "export it again")
        at, names = head
        self.delimiter = (
            told[1] if told else max(DELIMITERS, key=lambda one: len(cells_of(names, one) or ()))
        )
        cells = cells_of(names, self.delimiter)
        if cells is None:
            raise FileRefused(f"{path}:{at}: the head line is no CSV", "it names the columns")
        self.head = cells
        self.width = len(cells)

    def __iter__(self) -> Iterator[Row]:
        """Yield each row that holds something; a broken one with its problem."""
        while (found := self.lines.next()) is not None:
            row = self.row(*found)
            if row is not None:
                yield row

    def row(self, line: int, record: str) -> Row | None:
        """Return the row that begins with this line, None for one that holds nothing."""
        if len(record) > LONGEST_ROW:
            return Row(line, (), f"is longer than {LONGEST_ROW:,} characters")
        if '"' in record:
            whole = self._closed(record) if record.count('"') % 2 else record
            if whole is None:
                return Row(line, (), "a quotation mark is not closed")
            cells = cells_of(whole, self.delimiter)
            if cells is None:
                return Row(line, (), "cannot be read as CSV")
        elif "\0" in record:
            return Row(line, (), "holds a NUL character")
        elif not record.strip():
            return None
        else:
            cells = record.rstrip("\r\n").split(self.delimiter)
        if len(cells) != self.width:
            return Row(line, (), _wrong_width(len(cells), self.width))
        return Row(line, cells) if any(cells) else None

    def _closed(self, record: str) -> str | None:
        """Return the record with the lines that close its quotation mark.

        Without a mark within a few lines they are given back: one forgotten mark must not
        swallow everybody after it.
        """
        taken: list[tuple[int, str]] = []
        while len(taken) < LINES_IN_A_FIELD and (found := self.lines.next()) is not None:
            taken.append(found)
            if found[1].count('"') % 2:
                return record + "".join(line for _, line in taken)
        self.lines.give_back(taken)
        return None


def cells_of(record: str, delimiter: str) -> list[str] | None:
    """Return the cells of a whole record, None for one that cannot be read as CSV."""
    if "\0" in record:
        return None
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _wrong_width(found: int, width: int) -> str:
    return f"has {found} {'column' if found == 1 else 'columns'} instead of {width}"
