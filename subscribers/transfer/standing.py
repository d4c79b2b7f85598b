"""Where the people of a batch stand here already: known, left, suppressed, erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers.database import only_reads
from subscribers.models import (
    KEY,
    Consent,
    ConsentKind,
    List,
    Subscriber,
    Subscription,
    Suppression,
)
from subscribers.rows import NUMBER, as_table
from subscribers.suppressions import HASHED, hidden

UNKNOWN = 0


@dataclass(slots=True)
class Standing:
    """What is known of some keys; of whom nothing is known, nothing stands here.

    `people` holds id and state on the list, None for who is on others only; `suppressed` also whom
    a whole domain's suppression covers.
    """

    people: Mapping[str, tuple[int, str | None]] = field(default_factory=dict)
    suppressed: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()

    @property
    def keys(self) -> set[str]:
        """Everybody of whom anything is known."""
        return {*self.people, *self.suppressed, *self.erased}


def look_up(session: Session, list_: List, keys: Sequence[str]) -> Standing:
    """Look up keys, in their order; in a transaction of writing who is found stays as found."""
    return replace(barred(session, list_, keys), people=_people(session, list_, keys))


def barred(session: Session, _: List, keys: Sequence[str]) -> Standing:
    """Return who of these is not to be mailed whatever a file says; looks up no people."""
    return Standing({}, _suppressed(session, keys), _erased(session, keys))


def _people(
    session: Session, list_: List, keys: Sequence[str]
) -> Mapping[str, tuple[int, str | None]]:
    wanted = as_table(session, {"key": (KEY, keys)})
    statement = select(Subscriber.email_key, Subscriber.id).join_from(
        wanted, Subscriber, Subscriber.email_key == wanted.c.key
    )
    if not only_reads(session):
        # NO KEY UPDATE, as whoever signs up does; all of us in the order of the keys.
        statement = statement.order_by(Subscriber.email_key).with_for_update(
            key_share=True, of=Subscriber
        )
    found = {key: number for key, number in session.execute(statement) if key is not None}
    if not found:
        return {}
    ids = as_table(session, {"id": (NUMBER, [*found.values()])})
    # An outer join, or SQLite reads all of the list and looks for each of its people in the file.
    states = select(ids.c.id, Subscription.state).join_from(
        ids,
        Subscription,
        (Subscription.subscriber_id == ids.c.id) & (Subscription.list_id == list_.id),
        isouter=True,
    )
    here = {number: state for number, state in session.execute(states)}
    return {key: (number, here[number]) for key, number in found.items()}


def _suppressed(session: Session, keys: Sequence[str]) -> frozenset[str]:
    """Return whose address, or all of whose domain, is suppressed."""
    first = Suppression.email_key
    domains = set(session.scalars(select(first).where(first.startswith("@"))))
    by_domain = {key for key in keys if key[key.rfind("@") :] in domains} if domains else set()
    is_address = ~first.startswith("@") & ~first.startswith(HASHED)
    if session.scalar(select(Suppression.id).where(is_address).limit(1)) is None:
        return frozenset(by_domain)
    return frozenset(by_domain.union(_among_suppressions(session, keys)))


def _erased(session: Session, keys: Sequence[str]) -> frozenset[str]:
    """Return whose owners had everything erased; hashed only if there are any."""
    is_of_erased = Suppression.email_key.startswith(HASHED)
    if session.scalar(select(Suppression.id).where(is_of_erased).limit(1)) is None:
        return frozenset()
    by_hash = {hidden(session, key): key for key in keys}
    return frozenset(by_hash[one] for one in _among_suppressions(session, [*by_hash]))


def _among_suppressions(session: Session, keys: Sequence[str]) -> Sequence[str]:
    wanted = as_table(session, {"key": (KEY, keys)})
    return session.scalars(
        select(Suppression.email_key).join_from(
            wanted, Suppression, Suppression.email_key == wanted.c.key
        )
    ).all()


def joined_by_themselves(session: Session, list_: List, ids: Sequence[int]) -> set[int]:
    """Return who confirmed here: what they said to another system before does not count."""
    if not ids:
        return set()
    own = (ConsentKind.CONFIRMED, ConsentKind.CAME_BACK)
    wanted = as_table(session, {"id": (NUMBER, ids)})
    return set(
        session.scalars(
            select(Consent.subscriber_id)
            .join_from(wanted, Consent, Consent.subscriber_id == wanted.c.id)
            .where(Consent.list_id == list_.id, Consent.kind.in_(own))
        )
    )
