"""An import at work on a batch of people: in earnest, or dry, when nothing is written."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy.orm import Session

from subscribers.models import List
from subscribers.transfer.batch import Batch, Told
from subscribers.transfer.chunk import (
    ALREADY,
    ONCE_MORE,
    SUPPRESSED_FOR,
    Counts,
    Decision,
    carry_out,
    decide,
)
from subscribers.transfer.foreseen import Foreseen
from subscribers.transfer.joining import MAILED, Arrival
from subscribers.transfer.origins import Fate
from subscribers.transfer.standing import Standing, barred, joined_by_themselves, look_up


def settle(arrival: Arrival, told: Told, whence: str) -> Counts:
    """Take people in and count what became of their rows; `whence` names the file.

    At first nobody is looked up: most people of most files are new, and the table itself says of
    whom it knows. Those are looked at again, then with all that is known of them.
    """
    counts: Counts = Counter()
    is_first = not SUPPRESSED_FOR.keys() & set(told.people.fates)
    while len(told.people):
        people = told.people
        standing = (barred if is_first else look_up)(arrival.session, arrival.list_, people.keys)
        made = _decided(arrival.session, arrival.list_, people, told.again, standing)
        counts.update(made.counts)
        met = carry_out(made, people, arrival, whence)
        told, is_first = _left_over(counts, told, met), False
    return counts


def _left_over(counts: Counts, told: Told, met: Sequence[int]) -> Told:
    """Return the rows that remain: of people who were met where none was expected, and later ones.

    What was counted of those people is taken back.
    """
    people, again, after = told
    rest, once_more = people.pick(met), Counts()
    for key, fate in zip(rest.keys, rest.fates, strict=True):
        counts[fate.value] -= 1
        if key in again:
            once_more[key] = again[key]
            counts[ONCE_MORE.get(fate.value, ALREADY)] -= again[key]
    rest.extend(after)
    left = rest.told_apart()
    left.again.update(once_more)
    return left


def foresee(session: Session, list_: List, told: Told, foreseen: Foreseen) -> Counts:
    """Count what would become of people's rows, after all those that went before."""
    counts: Counts = Counter()
    while len(told.people):
        people, again, after = told
        standing = foreseen.added_to(look_up(session, list_, people.keys), people.keys)
        made = _decided(session, list_, people, again, standing)
        counts.update(made.counts)
        foreseen.remember(made, people)
        told = after.told_apart()
    return counts


def _decided(
    session: Session, list_: List, people: Batch, again: Counts, standing: Standing
) -> Decision:
    leaving = []
    if standing.people and Fate.UNSUBSCRIBED in people.fates:
        leaving = [
            standing.people[key][0]
            for key, fate in zip(people.keys, people.fates, strict=True)
            if fate is Fate.UNSUBSCRIBED and standing.people.get(key, (0, None))[1] in MAILED
        ]
    return decide(people, again, standing, joined_by_themselves(session, list_, leaving))
