"""The people of a claim, kept as columns: each is made when they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, NamedTuple, Self, overload


class Person(NamedTuple):
    """One recipient of a claim; `place` counts from 0 in the whole batch (the bitmap's).

    `counted`: agreed to be counted by name.
    """

    place: int
    id: int
    email: str
    name: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class People(Sequence[Person]):
    """Columns of the same length."""

    places: Sequence[int]
    ids: Sequence[int]
    emails: Sequence[str]
    names: Sequence[str]
    counted: Sequence[bool]

    @classmethod
    def unread(cls, places: Sequence[int], ids: Sequence[int]) -> Self:
        """Return people of whom nothing is known but who they are."""
        nothing = [""] * len(ids)
        return cls(places, ids, nothing, nothing, [False] * len(ids))

    def only(self, chosen: Sequence[bool]) -> Self:
        """Return those who are chosen, a truth for each."""
        return type(self)(*(list(compress(column, chosen)) for column in self._columns()))

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> Person: ...

    @overload
    def __getitem__(self, at: slice) -> Self: ...

    def __getitem__(self, at: int | slice) -> Person | Self:
        found: list[Any] = [column[at] for column in self._columns()]
        return type(self)(*found) if isinstance(at, slice) else Person(*found)

    def _columns(self) -> Sequence[Sequence[Any]]:
        return self.places, self.ids, self.emails, self.names, self.counted
