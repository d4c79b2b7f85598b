"""Lines that are read and judged by the thousand, in columns: most lines of most files.

It says of a line what `Table` and `People` would, or leaves the line to them.
"""

import csv
import re
from collections.abc import Sequence
from typing import Self

from subscribers.address import PLAIN
from subscribers.names import LONGEST, tidy
from subscribers.transfer.batch import Batch
from subscribers.transfer.formulas import armed
from subscribers.transfer.origins import Fate
from subscribers.transfer.person import People
from subscribers.transfer.table import LONGEST_ROW, Table, cells_of

# An apostrophe before a sign is ours (formulas.py), and no letter of the address.
_ADDRESS = re.compile(rf"(?!'+[=+@-]){PLAIN}")
# A name that `tidy` leaves as it is.
_NAME = re.compile(rf"(?!.{{{LONGEST + 1}}})[^\W_]++(?:[ '-][^\W_]++)*+")


class PlainLines:
    """Reads the plain ones among lines of a table that tells addresses, names, dates of joining."""

    def __init__(self, table: Table, people: People) -> None:
        self._table, self._people = table, people

    @classmethod
    def of(cls, table: Table, people: People) -> Self | None:
        """Return a reader of this table's plain lines, None where all of them need care."""
        return cls(table, people) if people.need_only_names else None

    def read(self, first: int, lines: Sequence[str]) -> tuple[Batch, list[int]]:
        """Return what these lines say, and the places of those that are to be read with care.

        The batch has a place for each line; at those it holds nobody.
        """
        columns = [*zip(*self._rows(lines), strict=True)]
        addresses = columns[self._people.email]
        is_plain = _ADDRESS.fullmatch
        careful = [at for at, address in enumerate(addresses) if not is_plain(address)]
        keys = [address.lower() for address in addresses]
        count = len(keys)
        joined = self._people.joined
        batch = Batch(
            keys,
            [*range(first, first + count)],
            [None if one == key else one for one, key in zip(addresses, keys, strict=True)],
            self._named(columns),
            [None] * count if joined is None else [*map(self._people.moment, columns[joined])],
            [Fate.ACTIVE] * count,
            [None] * count,
        )
        return batch, careful

    def _rows(self, lines: Sequence[str]) -> Sequence[Sequence[str]]:
        """Return the cells of each line; empty ones of a line that is no row by itself."""
        nothing = ("",) * self._table.width
        lines = [line if _is_whole(line) else "" for line in lines]
        try:
            rows = [*csv.reader(lines, delimiter=self._table.delimiter, strict=True)]
        except csv.Error:
            rows = []
        if len(rows) != len(lines):
            # One that is broken took others with it.
            rows = [cells_of(line, self._table.delimiter) or [] for line in lines]
        return [row if len(row) == len(nothing) else nothing for row in rows]

    def _named(self, columns: Sequence[Sequence[str]]) -> list[str]:
        places = self._people.names
        if not places:
            return [""] * len(columns[0])
        is_plain = _NAME.fullmatch
        if len(places) == 1:
            return [one if is_plain(one) else tidy(armed(one)) for one in columns[places[0]]]
        return [
            tidy(" ".join(map(armed, parts)))
            for parts in zip(*(columns[at] for at in places), strict=True)
        ]


def _is_whole(line: str) -> bool:
    """Say whether a line may be a row by itself."""
    return not (('"' in line and line.count('"') % 2) or "\0" in line or len(line) > LONGEST_ROW)
