"""A CSV file as rows with line numbers: encoding, delimiter and columns found out."""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from subscribers.errors import FileRefused

LINES_IN_A_FIELD = 10
DELIMITERS = ",;\t"
# A field of ours → the names its column has in the files people bring.
HEADERS = {
    "email": ("email", "e-mail", "email address", "emailaddress", "mail", "address"),
    "name": ("name", "full name", "fullname", "display name"),
    "first_name": ("first name", "firstname", "first_name", "given name"),
    "last_name": ("last name", "lastname", "last_name", "surname", "family name"),
    "confirmed_at": ("confirmed_at", "confirm_time", "optin_time", "opt-in time", "confirmed at"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: its number (from 1), its named fields, or why it cannot be read."""

    line: int
    fields: Mapping[str, str]
    problem: str = ""


class Table:
    """An open CSV file: `columns` are our names of its columns, iteration gives its rows."""

    def __init__(self, file: TextIO, path: Path, column_map: Mapping[str, str]) -> None:
        """Read the head line; raises FileRefused when it names no e-mail column."""
        self._lines = enumerate((line.replace("\0", "\ufffd") for line in file), 1)
        self._waiting: deque[tuple[int, str]] = deque()
        head = self._next()
        if head is None:
            raise FileRefused(f"{path}: is empty", "export it again")
        self._delimiter = max(DELIMITERS, key=head[1].count)
        cells = self._cells(head[1])
        if cells is None:
            raise FileRefused(f"{path}:1: the head line is no CSV", "it names the columns")
        self.columns = _columns(cells, column_map, path)

    def __iter__(self) -> Iterator[Row]:
        """Yield each row that holds something; a broken one with its problem."""
        width = len(self.columns)
        while (found := self._next()) is not None:
            line, record = found
            if record.count('"') % 2:
                whole = self._closed(record)
                if whole is None:
                    yield Row(line, {}, "a quotation mark is not closed")
                    continue
                record = whole
            cells = self._cells(record)
            if cells is None:
                yield Row(line, {}, "cannot be read as CSV")
            elif any(cells) and len(cells) != width:
                yield Row(line, {}, f"has {len(cells)} columns instead of {width}")
            elif any(cells):
                yield Row(line, dict(zip(self.columns, cells, strict=True)))

    def _next(self) -> tuple[int, str] | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

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

    def _cells(self, record: str) -> list[str] | None:
        try:
            return next(csv.reader([record], delimiter=self._delimiter, strict=True), [])
        except csv.Error:
            return None


@contextmanager
def opened(path: Path, column_map: Mapping[str, str]) -> Iterator[tuple[Table, TextIO]]:
    """Open a CSV file in UTF-8 (with or without a mark), UTF-16 or Latin-1.

    Raises FileRefused for a folder, an empty or a binary file, and without an e-mail column.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        yield Table(file, path, column_map), file


def _encoding(path: Path) -> str:
    if not path.exists():
        raise FileRefused(f"{path}: there is no such file")
    if not path.is_file():
        raise FileRefused(f"{path}: is no file", "name a CSV file")
    with path.open("rb") as file:
        start = file.read(65_536)
    if not start.strip():
        raise FileRefused(f"{path}: is empty", "export it again")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise FileRefused(f"{path}: is an archive or a workbook", "save it as CSV")
    if b"\0" in start[:1024]:
        raise FileRefused(f"{path}: is a binary file", "save it as CSV in UTF-8")
    return "utf-8-sig" if _is_utf8(path) else "latin-1"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _columns(head: list[str], column_map: Mapping[str, str], path: Path) -> list[str]:
    known = {name: field for field, names in HEADERS.items() for name in names}
    columns: list[str] = []
    for written in head:
        name = re.sub(r"\s+", " ", written.strip().lower())
        field = column_map.get(written.strip()) or known.get(name, "")
        columns.append(field if field and field not in columns else f"·{len(columns)}")
    if "email" not in columns:
        raise FileRefused(
            f"{path}:1: no column is called e-mail ({', '.join(head)[:200]})",
            "say which one it is: --map COLUMN=email",
        )
    return columns
