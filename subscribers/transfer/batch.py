"""People of a file, in columns: a million of them are quicker to handle than one by one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import compress, count
from operator import itemgetter, ne, not_
from typing import NamedTuple, Self, TypeVar

from subscribers.transfer.origins import Fate
from subscribers.transfer.person import NOTHING, Extras, Person

T = TypeVar("T")
GONE = 2
# How far on somebody is: asked, on the list, gone, suppressed. Nobody goes back.
STAGE = dict.fromkeys(Fate, 3) | {
    Fate.PENDING: 0,
    Fate.ACTIVE: 1,
    Fate.PAUSED: 1,
    Fate.UNSUBSCRIBED: GONE,
}


@dataclass(slots=True)
class Batch:
    """Columns of the same length, one place for each person; `lines` are where they stand.

    An address is None where it is its own key, and `extras` where there is nothing of the kind.
    At a place without a key stands nobody.
    """

    keys: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    addresses: list[str | None] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    joined: list[datetime | None] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    extras: list[Extras | None] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of_nobody(cls, size: int) -> Self:
        """Return a batch with so many places for people to be put at."""
        return cls(
            [""] * size,
            [0] * size,
            [None] * size,
            [""] * size,
            [None] * size,
            [Fate.ACTIVE] * size,
            [None] * size,
        )

    def add(self, one: Person) -> None:
        """Take one more person."""
        self.keys.append(one.key)
        self.lines.append(one.line)
        self.addresses.append(None if one.email == one.key else one.email)
        self.names.append(one.name)
        self.joined.append(one.joined_at)
        self.fates.append(one.fate)
        self.extras.append(one.extras)

    def put(self, at: int, one: Person) -> None:
        """Put somebody at a place that held nobody."""
        self.keys[at], self.lines[at] = one.key, one.line
        self.addresses[at] = None if one.email == one.key else one.email
        self.names[at], self.joined[at] = one.name, one.joined_at
        self.fates[at], self.extras[at] = one.fate, one.extras

    def extend(self, other: "Batch") -> None:
        """Take all people of another batch."""
        self.keys += other.keys
        self.lines += other.lines
        self.addresses += other.addresses
        self.names += other.names
        self.joined += other.joined
        self.fates += other.fates
        self.extras += other.extras

    def pick(self, places: Sequence[int]) -> "Batch":
        """Return the people of these places, in this order."""
        if isinstance(places, range):
            return self._cut(slice(places.start, places.stop, places.step))
        return Batch(
            _picked(self.keys, places),
            _picked(self.lines, places),
            _picked(self.addresses, places),
            _picked(self.names, places),
            _picked(self.joined, places),
            _picked(self.fates, places),
            _picked(self.extras, places),
        )

    def _cut(self, piece: slice) -> "Batch":
        return Batch(
            self.keys[piece],
            self.lines[piece],
            self.addresses[piece],
            self.names[piece],
            self.joined[piece],
            self.fates[piece],
            self.extras[piece],
        )

    def told_apart(self) -> "Told":
        """Return each person once, by key, with what stands there besides.

        By key, because an index then grows at one place, and two imports lock the rows in one
        order. What the other rows bring fills in what the first one lacks.
        """
        order = sorted(range(len(self)), key=self.keys.__getitem__)
        # Where nobody stands there is no key, and that comes first.
        del order[: self.keys.count("")]
        keys = _picked(self.keys, order)
        is_other = [*map(ne, keys[1:], keys)]
        after: list[int] = []
        again: Counter[str] = Counter()
        first, further, last = 0, False, -1
        for place in compress(count(1), map(not_, is_other)):
            at = order[place]
            if place - 1 != last:
                first, further = order[place - 1], False
            last = place
            stage = STAGE[self.fates[first]]
            # Of who is gone it hangs on what stands here whether a later row brings anything.
            if further or stage >= GONE or STAGE[self.fates[at]] > stage:
                further = True
                after.append(at)
            else:
                again[keys[place]] += 1
                self._fill(first, at)
        people = self.pick([*compress(order, [True, *is_other])])
        return Told(people, again, self.pick(after))

    def _fill(self, first: int, later: int) -> None:
        """Let a person's first row have what a later one knows besides."""
        self.names[first] = self.names[first] or self.names[later]
        more, extras = self.extras[later], self.extras[first]
        if more is not None:
            self.extras[first] = (extras or NOTHING).filled(more)


class Told(NamedTuple):
    """A batch whose people were told apart: each of them once, and what else was read.

    `again` is how often a person stands there again. `after` are the rows of who is further on in
    a later one, confirmed or gone, than in the first, and of who is gone in the first.
    """

    people: Batch
    again: Counter[str]
    after: Batch


def _picked(column: list[T], places: Sequence[int]) -> list[T]:
    if len(places) < 2:
        return [column[at] for at in places]
    # Most columns of most files say one thing.
    if column[0] is column[-1] and column.count(column[0]) == len(column):
        return column[: len(places)]
    return [*itemgetter(*places)(column)]
