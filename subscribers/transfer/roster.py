"""A file without a head: one person a line, `Name <address>` or an address, as Mailman writes it."""

import re
from collections.abc import Iterator
from typing import Self

from subscribers.transfer.table import Lines, Row

_ADDRESS = r"[^@\s,;<>\"]+@[^@\s,;<>\"]+"
_PERSON = re.compile(rf"(?:\"?([^\"<>]*?)\"?\s*<({_ADDRESS})>|({_ADDRESS}))")


class Roster:
    """An open roster: its rows hold an address and a name."""

    head = ("email", "name")

    def __init__(self, lines: Lines) -> None:
        self.lines = lines

    @classmethod
    def of(cls, lines: Lines) -> Self | None:
        """Return the roster that begins here, or None for a file whose first line is no person."""
        first = lines.next_written()
        if first is None:
            return None
        lines.give_back([first])
        return cls(lines) if _PERSON.fullmatch(first[1].strip()) else None

    def __iter__(self) -> Iterator[Row]:
        """Yield a row for each line that holds something; a line of `#` is a remark."""
        while (found := self.lines.next_written()) is not None:
            line, written = found[0], found[1].strip()
            if written.startswith("#"):
                continue
            person = _PERSON.fullmatch(written)
            if "\0" in written:
                yield Row(line, (), "holds a NUL character")
            elif person is None:
                yield Row(line, (written, ""))
            else:
                yield Row(line, (person[2] or person[3], person[1] or ""))
