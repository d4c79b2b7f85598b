"""What becomes of a batch of people: decided by where each stands here, and carried out at once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from subscribers.evidence import Visit
from subscribers.membership import unsubscribe
from subscribers.models import SubscriptionState, SuppressionReason
from subscribers.suppressions import suppress_many
from subscribers.transfer.batch import Batch
from subscribers.transfer.joining import MAILED, Arrival
from subscribers.transfer.newcomers import take_in
from subscribers.transfer.origins import Fate
from subscribers.transfer.person import AGREED
from subscribers.transfer.standing import UNKNOWN, Standing

SUPPRESSED_FOR = {
    Fate.BLOCKED: SuppressionReason.MANUAL,
    Fate.BOUNCED: SuppressionReason.BOUNCED,
    Fate.COMPLAINED: SuppressionReason.COMPLAINED,
}
# Outcomes that are no fate: who is here, who left here, who is suppressed here.
ALREADY, KEPT_OUT, SUPPRESSED = "already", "kept_out", "suppressed"
# What is said of a second row of somebody, by what was said of the first.
ONCE_MORE = {
    KEPT_OUT: KEPT_OUT,
    Fate.UNSUBSCRIBED.value: KEPT_OUT,
    SUPPRESSED: SUPPRESSED,
    **{fate.value: SUPPRESSED for fate in SUPPRESSED_FOR},
}
Counts = Counter[str]
# So many people make a statement: more cost memory and no time less.
AT_ONCE = 10_000


@dataclass(slots=True)
class Decision:
    """What becomes of a batch, by places; numbers are ids, UNKNOWN for whom nobody knows here.

    `new` and `joining` get a subscription, `leaving` said goodbye elsewhere and are on the list,
    `suppressing` bounced or complained elsewhere, `staying` are on the list. `counts` are by fate,
    or by why somebody does not come.
    """

    new: Sequence[int] = ()
    joining: dict[int, int] = field(default_factory=dict)
    leaving: dict[int, int] = field(default_factory=dict)
    suppressing: dict[int, int] = field(default_factory=dict)
    staying: dict[int, int] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counter)


def decide(
    people: Batch, again: Counts, standing: Standing, by_themselves: AbstractSet[int] = frozenset()
) -> Decision:
    """Decide on everybody of a batch, each of whom is in it once; writes nothing.

    `again` is how often somebody stands there once more, `by_themselves` who confirmed here.
    """
    made, known, new = Decision(), standing.keys, []
    made.counts[ALREADY] = again.total()
    if not known and people.fates.count(Fate.ACTIVE) == len(people):
        made.counts[Fate.ACTIVE.value] = len(people)
        made.new = range(len(people))
        return made
    for at, (key, fate) in enumerate(zip(people.keys, people.fates, strict=True)):
        if fate is Fate.ACTIVE and key not in known:
            made.counts[fate.value] += 1
            new.append(at)
            continue
        outcome = _judge(made, new, at, (key, fate), standing, by_themselves)
        made.counts[outcome] += 1
        if key in again and outcome in ONCE_MORE:
            made.counts[ONCE_MORE[outcome]] += again[key]
            made.counts[ALREADY] -= again[key]
    made.new = new
    return made


def _judge(
    made: Decision,
    new: list[int],
    at: int,
    person: tuple[str, Fate],
    standing: Standing,
    by_themselves: AbstractSet[int],
) -> str:
    """Note what becomes of one person, and return it in a word."""
    key, fate = person
    number, state = standing.people.get(key, (UNKNOWN, None))
    if key in standing.erased:
        return KEPT_OUT
    if key in standing.suppressed:
        return SUPPRESSED
    if fate in SUPPRESSED_FOR:
        made.suppressing[at] = number
    elif state == SubscriptionState.UNSUBSCRIBED:
        return KEPT_OUT
    elif fate is Fate.UNSUBSCRIBED and state in MAILED and number not in by_themselves:
        made.leaving[at] = number
    elif number == UNKNOWN:
        new.append(at)
    elif state is None or (state == SubscriptionState.PENDING and fate in AGREED):
        made.joining[at] = number
    else:
        made.staying[at] = number
        return ALREADY
    return fate.value


def carry_out(made: Decision, people: Batch, arrival: Arrival, whence: str) -> Sequence[int]:
    """Carry out a decision; return the places of who turned out to be known.

    `whence` says for a suppression which file it comes from.
    """
    met: list[int] = []
    for fate, places in _by_fate(people, made.new):
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            found = people.pick(some)
            ids = take_in(arrival.session, found, arrival.now)
            if UNKNOWN in ids:
                met += [at for at, number in zip(some, ids, strict=True) if number == UNKNOWN]
                found = found.pick([at for at, number in enumerate(ids) if number != UNKNOWN])
                ids = [number for number in ids if number != UNKNOWN]
            arrival.join(found, ids, fate, new=True)
    for fate, places in _by_fate(people, made.joining):
        arrival.join(people.pick(places), [made.joining[at] for at in places], fate)
    here = made.joining | made.staying
    if here:
        arrival.fill_in(people.pick([*here]), [*here.values()])
    _take_off(made.leaving, people, arrival)
    _suppress(made.suppressing, people, arrival, whence)
    return met


def _by_fate(people: Batch, places: Iterable[int]) -> Iterable[tuple[Fate, Sequence[int]]]:
    if isinstance(places, range):
        return [(Fate.ACTIVE, places)] if places else []
    found: dict[Fate, list[int]] = {}
    for at in places:
        found.setdefault(people.fates[at], []).append(at)
    return found.items()


def _take_off(leaving: Mapping[int, int], people: Batch, arrival: Arrival) -> None:
    for at, number in leaving.items():
        extras = people.extras[at]
        told = f" · {Fate.UNSUBSCRIBED} there{extras.told if extras else ''}"
        visit = Visit(
            actor="import",
            via="csv",
            source=told,
            import_id=arrival.import_id,
            import_line=people.lines[at],
        )
        unsubscribe(arrival.session, arrival.list_.id, number, visit=visit, now=arrival.now)


def _suppress(suppressing: Mapping[int, int], people: Batch, arrival: Arrival, whence: str) -> None:
    for fate, places in _by_fate(people, suppressing):
        found = [
            (people.keys[at], f"imported from {whence}, line {people.lines[at]})", suppressing[at])
            for at in places
        ]
        suppress_many(arrival.session, found, SUPPRESSED_FOR[fate], now=arrival.now)
