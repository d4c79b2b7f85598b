"""The people of an open file, and the rows that cannot be taken, a portion at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from subscribers.transfer.batch import Batch, Told
from subscribers.transfer.person import People, Person, Unfit
from subscribers.transfer.plain import PlainLines
from subscribers.transfer.roster import Roster
from subscribers.transfer.table import Row, Table

AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Portion:
    """What some rows of a file say; `read` counts all rows up to them, `next_line` comes after.

    `unread` counts those of these rows that hold a date nobody can read, `example` is one.
    """

    told: Told
    unfit: Sequence[Unfit]
    read: int
    next_line: int
    unread: int = 0
    example: str = ""


class Reader:
    """Reads plain lines by the thousand and the others one by one."""

    def __init__(self, table: Table | Roster, people: People, *, read: int = 0) -> None:
        """Take how many rows were read before, of a file that goes on."""
        self._table, self._people = table, people
        self._plain = PlainLines.of(table, people) if isinstance(table, Table) else None
        self._read = read
        self._unfit: list[Unfit] = []

    def portions(self, size: int) -> Iterator[Portion]:
        """Yield at least `size` rows at a time, but for the last, in their order; a quarter at first.

        Whoever keeps them begins sooner then. A portion may hold nobody, after rows of which none
        can be taken.
        """
        whole, told, wanted = Batch(), self._read, size // 4
        for piece in self._pieces(min(size, AT_ONCE)):
            whole.extend(piece)
            if self._read - told >= wanted:
                yield self._portion(whole)
                whole, told, wanted = Batch(), self._read, size
        if self._read > told:
            yield self._portion(whole)

    def _portion(self, whole: Batch) -> Portion:
        unfit, self._unfit = self._unfit, []
        unread, self._people.unread = self._people.unread, 0
        return Portion(
            whole.told_apart(),
            unfit,
            self._read,
            self._table.lines.number,
            unread,
            self._people.unread_example,
        )

    def _pieces(self, size: int) -> Iterator[Batch]:
        if isinstance(self._table, Roster) or self._plain is None:
            rows = iter(self._table)
            while taken := list(islice(rows, size)):
                yield self._with_care(taken)
            return
        lines = self._table.lines
        while True:
            first, taken_lines = lines.take(size)
            if not taken_lines:
                return
            yield self._by_lines(self._table, self._plain, first, taken_lines)
            if lines.waiting:
                yield self._with_care(self._rows_waiting(self._table))

    def _by_lines(self, table: Table, plain: PlainLines, first: int, lines: Sequence[str]) -> Batch:
        """Read these lines up to one whose row goes on in the next; that and what follows wait."""
        batch, careful = plain.read(first, lines)
        end = len(lines)
        for at in careful:
            if lines[at].count('"') % 2:
                table.lines.give_back([*enumerate(lines[at:], first + at)])
                end = at
                break
            one = self._judged(table.row(first + at, lines[at]))
            if one is not None:
                batch.put(at, one)
        self._read += end - sum(at < end for at in careful)
        return batch if end == len(lines) else batch.pick(range(end))

    def _rows_waiting(self, table: Table) -> Iterator[Row]:
        while table.lines.waiting and (found := table.lines.next()) is not None:
            row = table.row(*found)
            if row is not None:
                yield row

    def _with_care(self, rows: Iterator[Row] | Sequence[Row]) -> Batch:
        batch = Batch()
        for row in rows:
            one = self._judged(row)
            if one is not None:
                batch.add(one)
        return batch

    def _judged(self, row: Row | None) -> Person | None:
        """Return the person of a row; count it, and refuse it when it is none."""
        if row is None:
            return None
        self._read += 1
        one = self._people.one(row)
        if isinstance(one, Person):
            return one
        self._unfit.append(one)
        return None
