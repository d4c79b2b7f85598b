"""Lines that are read and judged by the thousand, by one expression: most lines of most files.

It says of a line what `Table` and `People` would, or leaves the line to them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Self

from subscribers.address import LONGEST_LOCAL, PLAIN
from subscribers.names import LONGEST, tidy
from subscribers.transfer.batch import Batch
from subscribers.transfer.formulas import armed
from subscribers.transfer.origins import Fate
from subscribers.transfer.person import People
from subscribers.transfer.table import LONGEST_ROW, Table

# An apostrophe before a sign is ours (formulas.py), and no letter of the address.
_ADDRESS = rf"(?!'+[=+@-]){PLAIN}"
_NOT_LONG = rf"(?![^\s,;\"]{{{LONGEST_LOCAL + 1}}})"
# A name that `tidy` leaves as it is.
_NAME = re.compile(
    rf"(?!.{{{LONGEST + 1}}})[^\W_]++(?>(?:(?:[ '-]|(?<!www)\. ?)[^\W_]++)*)", re.IGNORECASE
)
_END = r"(?:\r\n?|\n|\Z)"


class PlainLines:
    """Reads the plain ones among lines of a table that tells addresses, names, dates of joining."""

    def __init__(self, table: Table, people: People) -> None:
        self._people = people
        self._usual, self._groups = _expression(table, people, usual=True)
        self._any, _ = _expression(table, people, usual=False)

    @classmethod
    def of(cls, table: Table, people: People) -> Self | None:
        """Return a reader of this table's plain lines, None where all of them need care."""
        return cls(table, people) if people.need_only_names else None

    def read(self, first: int, lines: Sequence[str]) -> tuple[Batch, list[int]]:
        """Return what these lines say, and the places of those that are to be read with care.

        The batch has a place for each line; at those it holds nobody.
        """
        count = len(lines)
        columns = self._columns(lines) if len(max(lines, key=len)) < LONGEST_ROW else ()
        if not columns:
            return Batch.of_nobody(count), [*range(count)]
        addresses = columns[self._groups[self._people.email]]
        careful = [at for at, address in enumerate(addresses) if not address]
        keys = "\n".join(addresses).lower().split("\n")
        joined = self._people.joined
        batch = Batch(
            keys,
            [*range(first, first + count)],
            [None if one == key else one for one, key in zip(addresses, keys, strict=True)],
            self._named([columns[self._groups[place]] for place in self._people.names], count),
            [None] * count
            if joined is None
            else self._people.moments(columns[self._groups[joined]]),
            [Fate.ACTIVE] * count,
            [None] * count,
        )
        return batch, careful

    def _columns(self, lines: Sequence[str]) -> Sequence[Sequence[str]]:
        """Return a column for each group, or none where lines and matches do not go together."""
        text, count = "".join(lines), len(lines)
        for line in (self._usual, self._any)['"' in text :]:
            # At the end of a text there is one more, of nothing.
            found = line.findall(text)[:count]
            if len(found) < count:
                return ()
            columns = [*zip(*found, strict=True)]
            if len(max(columns[self._groups[self._people.email]], key=len)) <= LONGEST_LOCAL:
                break
        return columns

    def _named(self, columns: Sequence[Sequence[str]], count: int) -> list[str]:
        if not columns:
            return [""] * count
        is_plain = _NAME.fullmatch
        if len(columns) == 1:
            return [one if is_plain(one) else tidy(armed(one)) for one in columns[0]]
        return [
            whole if is_plain(whole := " ".join(parts)) else tidy(" ".join(map(armed, parts)))
            for parts in zip(*columns, strict=True)
        ]


def _expression(
    table: Table, people: People, *, usual: bool
) -> tuple[re.Pattern[str], Mapping[int, int]]:
    """Return what finds each line of a table's text, and the group that holds a column's cell.

    A line that is not plain is found too, with nothing in its groups. `usual` is quicker: for a
    text without quotation marks, in which no address turns out longer than a local part may be.
    """
    wanted = {people.email, *people.names, *(() if people.joined is None else (people.joined,))}
    cells: list[str] = []
    groups: dict[int, int] = {}
    plain = rf"[^\"{table.delimiter}\r\n\0]*+"
    for place in range(table.width):
        if place not in wanted:
            cells.append(plain if usual else rf'(?:"[^"\r\n\0]*+"|{plain})')
            continue
        mark = 2 * len(groups) + 1
        groups[place] = mark
        cell = plain
        if place == people.email:
            cell = _ADDRESS if usual else _NOT_LONG + _ADDRESS
        cells.append(f"()({cell})" if usual else rf'("?)({cell})\{mark}')
    line = table.delimiter.join(cells)
    return re.compile(rf"{line}{_END}|[^\r\n]*+{_END}"), groups
