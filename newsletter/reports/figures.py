"""Figures of an issue: counts that add up and name nobody, kept as plain values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.message import Cause, EventType, Visitor

# What became of a mail, the weakest word first: of several reports the last of these counts.
SEEN = "seen"
FATES = (
    str(EventType.PROCESSED),
    str(EventType.DEFERRED),
    # It was opened, pressed, complained of or left by, or a mail says that it arrived: so it did.
    SEEN,
    str(EventType.DELIVERED),
    *(
        f"{kind}:{cause}"
        for kind in (EventType.REJECTED, EventType.BOUNCED)
        for cause in (
            Cause.NONE,
            Cause.BLOCK,
            Cause.UNCLEAR,
            Cause.GOODBYE,
            Cause.COMPLAINT,
            Cause.MAILBOX,
            Cause.ADDRESS,
        )
    ),
)
# A word of `people` beside the fates: how many of a domain the mail was handed in for.
SUBMITTED = "submitted"
# Beside it: how many of them are where nobody says who complained.
UNHEARD = "unheard"
OTHER = "other"
# The number of a link that a report did not name.
SOME_LINK = -1
OPENED, CLICKED = str(EventType.OPENED), str(EventType.CLICKED)

Shares = Mapping[str, int]


@dataclass
class Figures:
    """Counts of one issue. Two of different reports may be added.

    `people`: (domain, word) → people, where the word is a fate, `complained`, `unsubscribed`,
    `submitted` or `unheard`. `hits`: (link, visitor, reason) → opens (link 0) or clicks. `readers`: (`opened` or
    `clicked`, visitor) → people who are counted by name. `hours`: (hours since it began, word,
    visitor) → reports.
    """

    people: Counter[tuple[str, str]] = field(default_factory=Counter)
    hits: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    readers: Counter[tuple[str, str]] = field(default_factory=Counter)
    hours: Counter[tuple[int, str, str]] = field(default_factory=Counter)

    def add(self, other: "Figures") -> None:
        """Add what another one counts."""
        self.people.update(other.people)
        self.hits.update(other.hits)
        self.readers.update(other.readers)
        self.hours.update(other.hours)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON may hold it, zeros left out."""
        return {
            name: [[*key, n] for key, n in sorted(getattr(self, name).items()) if n]
            for name in ("people", "hits", "readers", "hours")
        }

    def of_people(self, *words: str, domain: str | None = None) -> int:
        """Return how many people one of these words is true of, anywhere or at a domain."""
        return sum(
            n
            for (where, word), n in self.people.items()
            if word in words and domain in (None, where)
        )

    def fate(self, *kinds: str, domain: str | None = None) -> int:
        """Return how many mails ended in one of these kinds of fate, whatever the cause."""
        words = [word for word in FATES if word.partition(":")[0] in kinds]
        return self.of_people(*words, domain=domain)

    def shares(self, link: int | None = None) -> Shares:
        """Return the clicks of one link (0: opens), or of all, as person, machine and unknown."""
        return _shares(
            (visitor, n)
            for (number, visitor, _), n in self.hits.items()
            if number == link or (link is None and number != 0)
        )

    def shares_of_people(self, what: str) -> Shares:
        """Return who opened or clicked of those counted by name, by the best that is known."""
        return _shares((visitor, n) for (word, visitor), n in self.readers.items() if word == what)


def from_plain(plain: Mapping[str, Sequence[Sequence[Any]]]) -> Figures:
    """Read what `plain` wrote."""
    found = Figures()
    for name, rows in plain.items():
        counter = getattr(found, name)
        counter.update({tuple(row[:-1]): row[-1] for row in rows})
    return found


def _shares(rows: Iterable[tuple[str, int]]) -> Shares:
    counts = dict.fromkeys(map(str, Visitor), 0)
    for visitor, n in rows:
        counts[visitor if visitor in counts else str(Visitor.UNKNOWN)] += n
    return counts
