"""Lines that one regular expression can read and judge: most lines of most files.

It says of a line what `Table` and `People` would, or leaves the line to them.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from subscribers.address import PLAIN, is_plain
from subscribers.names import LONGEST, tidy
from subscribers.transfer.batch import Batch
from subscribers.transfer.formulas import armed
from subscribers.transfer.origins import Fate
from subscribers.transfer.person import People
from subscribers.transfer.table import LONGEST_ROW, Table

WIDEST = 100
# A name that `tidy` leaves as it is, when it is short enough.
_NAME = r"[^\W_]+(?:[ '-][^\W_]+)*"


class PlainLines:
    """Reads the plain ones among lines of a table that tells addresses, names, dates of joining."""

    def __init__(self, table: Table, people: People) -> None:
        self._moment = people.moment
        cells = [_cell(at, table.delimiter, _role(at, people)) for at in range(table.width)]
        row = re.escape(table.delimiter).join(cells)
        self._pattern = re.compile(rf"(?:{row}|[^\r\n]*)(?:\r\n|\r|\n)")
        group = {name: number - 1 for name, number in self._pattern.groupindex.items()}
        self._email = group[f"cell{people.email}"]
        self._names = [(group[f"plain{at}"], group[f"cell{at}"]) for at in people.names]
        self._joined = None if people.joined is None else group[f"cell{people.joined}"]

    @classmethod
    def of(cls, table: Table, people: People) -> Self | None:
        """Return a reader of this table's plain lines, None where all of them need care."""
        roles = [people.email, *people.names, people.joined]
        apart = len(set(roles)) == len(roles)
        return (
            cls(table, people)
            if people.need_only_names and apart and table.width <= WIDEST
            else None
        )

    def read(self, first: int, lines: Sequence[str]) -> tuple[Batch, list[int]]:
        """Return what these lines say, and the places of those that are to be read with care.

        The batch has a place for each line; at those it holds nobody.
        """
        if len(max(lines, key=len)) > LONGEST_ROW:
            return Batch.of_nobody(len(lines)), [*range(len(lines))]
        text = "".join(lines)
        if not text.endswith(("\n", "\r")):
            text += "\n"
        columns = [*zip(*self._pattern.findall(text), strict=True)]
        addresses = columns[self._email]
        keys = [address.lower() for address in addresses]
        batch = Batch(
            keys,
            [*range(first, first + len(lines))],
            [None if one == key else one for one, key in zip(addresses, keys, strict=True)],
            self._named(columns),
            self._joined_at(columns),
            [Fate.ACTIVE] * len(keys),
            [None] * len(keys),
        )
        return batch, [at for at, key in enumerate(keys) if not key or not is_plain(key)]

    def _named(self, columns: Sequence[Sequence[str]]) -> list[str]:
        if len(self._names) == 1:
            plain, cell = self._names[0]
            return [
                name if name and len(name) <= LONGEST else tidy(armed(name or other))
                for name, other in zip(columns[plain], columns[cell], strict=True)
            ]
        parts = [
            [
                name or armed(other)
                for name, other in zip(columns[plain], columns[cell], strict=True)
            ]
            for plain, cell in self._names
        ]
        if not parts:
            return [""] * len(columns[0])
        return [tidy(" ".join(names)) for names in zip(*parts, strict=True)]

    def _joined_at(self, columns: Sequence[Sequence[str]]) -> list[datetime | None]:
        if self._joined is None:
            return [None] * len(columns[0])
        return [self._moment(written) if written else None for written in columns[self._joined]]


def _role(at: int, people: People) -> str:
    if at == people.email:
        return "email"
    return "name" if at in people.names else "date" if at == people.joined else ""


def _cell(at: int, delimiter: str, role: str) -> str:
    """Return the pattern of one cell, in quotation marks or not; a group for what is wanted of it."""
    bare, quoted = rf"[^{re.escape(delimiter)}\"\r\n\0]*", r"[^\"\r\n\0]*"
    if not role:
        return rf"(?:\"{quoted}\"|{bare})"
    mark = f"mark{at}"
    if role == "email":
        # An apostrophe before a sign is ours (formulas.py), and no letter of the address.
        inner = rf"(?P<cell{at}>(?!'+[=+@-]){PLAIN})"
    else:
        inner = rf"(?P<cell{at}>(?({mark}){quoted}|{bare}))"
    if role == "name":
        inner = rf"(?:(?P<plain{at}>{_NAME})(?=[{re.escape(delimiter)}\"\r\n])|{inner})"
    return rf"(?P<{mark}>\")?{inner}(?({mark})\")"
