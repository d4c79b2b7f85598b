"""The envelopes of one call, kept as columns: each is made when it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self, overload

from newsletter.message import Envelope


@dataclass(frozen=True, slots=True)
class Envelopes(Sequence[Envelope]):
    """Columns of the same length: `values` has one for each hole that is filled."""

    addresses: Sequence[str]
    tokens: Sequence[str]
    names: Sequence[str]
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, envelopes: Sequence[Envelope]) -> "Envelopes":
        """Return envelopes as columns; raises KeyError where one lacks a value of the first's."""
        if isinstance(envelopes, cls):
            return envelopes
        holes = envelopes[0].values if envelopes else ()
        return cls(
            [one.address for one in envelopes],
            [one.token for one in envelopes],
            [one.name for one in envelopes],
            {hole: [one.values[hole] for one in envelopes] for hole in holes},
        )

    def filling(self, hole: str) -> Sequence[str]:
        """Return what fills a hole for each, as `Envelope.value` does; KeyError for another."""
        given = self.values.get(hole)
        return [one.value(hole) for one in self] if given is None else given

    def __len__(self) -> int:
        return len(self.addresses)

    @overload
    def __getitem__(self, at: int) -> Envelope: ...

    @overload
    def __getitem__(self, at: slice) -> Self: ...

    def __getitem__(self, at: int | slice) -> Envelope | Self:
        if isinstance(at, slice):
            values = {hole: column[at] for hole, column in self.values.items()}
            return type(self)(self.addresses[at], self.tokens[at], self.names[at], values)
        given = {hole: column[at] for hole, column in self.values.items()}
        return Envelope(self.addresses[at], self.tokens[at], self.names[at], given)
