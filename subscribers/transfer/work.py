"""An import at work on a batch of people: in earnest, or dry, when nothing is written."""

from collections import Counter

from sqlalchemy.orm import Session

from subscribers.models import List
from subscribers.transfer.batch import Batch, Told
from subscribers.transfer.chunk import Counts, Decision, carry_out, decide
from subscribers.transfer.foreseen import Foreseen
from subscribers.transfer.joining import MAILED, Arrival
from subscribers.transfer.origins import Fate
from subscribers.transfer.standing import Standing, joined_by_themselves, look_up


def settle(arrival: Arrival, told: Told, whence: str) -> Counts:
    """Take people in and count what became of their rows; `whence` names the file."""
    counts: Counts = Counter()
    while len(told.people):
        people, again, after = told
        standing = look_up(arrival.session, arrival.list_, people.keys)
        made = _decided(arrival.session, arrival.list_, people, again, standing)
        counts.update(made.counts)
        met = carry_out(made, people, arrival, whence)
        if met:
            # Somebody else made them at this instant: they are known now, and looked at again.
            counts.subtract(people.fates[at].value for at in met)
            after.extend(people.pick(met))
        told = after.told_apart()
    return counts


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
