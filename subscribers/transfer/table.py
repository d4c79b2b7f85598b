"""A CSV file as rows with line numbers; a broken row costs itself and no other."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

from subscribers.errors import FileRefused

LINES_IN_A_FIELD = 10
DELIMITERS = ",;\t"
# A field of ours → the names its column has in the files people bring, the surest first.
HEADERS = {
    "email": ("email", "e-mail", "email address", "e-mail address", "emailaddress", "mail",
              "subscriber", "address"),
    "name": ("name", "full name", "fullname", "display name"),
    "first_name": ("first name", "firstname", "given name"),
    "last_name": ("last name", "lastname", "surname", "family name"),
    "confirmed_at": ("confirmed at", "confirm time", "optin time", "opt in time", "optin at"),
    "joined_at": ("joined at", "subscribed at", "subscribe date", "signup date", "created at",
                  "date added", "joined"),
    "state": ("state", "status", "subscription status", "member status"),
}  # fmt: skip


class Row(NamedTuple):
    """One record: the line it begins on (from 1), its cells, or why it cannot be read."""

    line: int
    cells: Sequence[str]
    problem: str = ""


class Table:
    """An open CSV file: `places` says where our fields stand, iteration gives its rows."""

    def __init__(self, file: TextIO, path: Path, column_map: Mapping[str, str]) -> None:
        """Read the head line; raises FileRefused when it names no e-mail column."""
        self._lines = enumerate(file, 1)
        self._waiting: deque[tuple[int, str]] = deque()
        head = self._next()
        while head is not None and not head[1].strip():
            head = self._next()
        if head is None:
            raise FileRefused(f"{path}: is empty", "export it again")
        self._delimiter = max(DELIMITERS, key=lambda one: len(_cells(head[1], one) or ()))
        cells = _cells(head[1], self._delimiter)
        if cells is None:
            raise FileRefused(f"{path}:{head[0]}: the head line is no CSV", "it names the columns")
        self._width = len(cells)
        self.places = _places(cells, column_map)
        if "email" not in self.places:
            raise _no_email_column(cells, f"{path}:{head[0]}")

    def __iter__(self) -> Iterator[Row]:
        """Yield each row that holds something; a broken one with its problem."""
        delimiter, width = self._delimiter, self._width
        while (found := self._next()) is not None:
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

    def _next(self) -> tuple[int, str] | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

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
        while len(taken) < LINES_IN_A_FIELD and (found := self._next()) is not None:
            taken.append(found)
            if found[1].count('"') % 2:
                return record + "".join(line for _, line in taken)
        self._waiting.extendleft(reversed(taken))
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


def _places(head: Sequence[str], column_map: Mapping[str, str]) -> Mapping[str, int]:
    """Find the column of each field; what the person maps comes before what the names say."""
    names = [re.sub(r"[\s_-]+", " ", written).strip().lower() for written in head]
    mapped = {re.sub(r"[\s_-]+", " ", name).strip().lower(): to for name, to in column_map.items()}
    for name, field in mapped.items():
        if field not in HEADERS:
            raise FileRefused(
                f"--map {name}={field}: there is no field {field}", ", ".join(HEADERS)
            )
        if name not in names:
            raise FileRefused(f"--map {name}={field}: no column is called {name}", ", ".join(head))
    places = {field: names.index(name) for name, field in mapped.items()}
    for field, known in HEADERS.items():
        for name in (re.sub("-", " ", one) for one in known):
            if name in names and field not in places and name not in mapped:
                places[field] = names.index(name)
    return places


def _no_email_column(head: Sequence[str], where: str) -> FileRefused:
    if any(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", cell.strip()) for cell in head):
        return FileRefused(
            f"{where}: the first line is a person and names no columns",
            "write a head line before it, such as email,name",
        )
    shown = ", ".join(cell if cell.isprintable() else ascii(cell) for cell in head)[:200]
    return FileRefused(
        f"{where}: no column is called e-mail ({shown})",
        "say which one it is: --map COLUMN=email",
    )
