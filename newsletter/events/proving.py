"""Reports settle what is in doubt: whoever has an event of a mail had that mail."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import CompoundSelect, and_, exists, select
from sqlalchemy.orm import Session

from newsletter.events.acting import WHO, New
from newsletter.issues import finish, is_in_doubt, settle_one
from newsletter.issues.stepping import lock
from newsletter.message import EventType
from newsletter.models import (
    ITS_BATCH,
    ITS_EXCEPTION,
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
    IssueState,
    StoredEvent,
)
from subscribers.database import Database

# These prove that the provider had taken the mail, whatever became of it then.
PROOFS = frozenset(EventType) - {EventType.UNKNOWN}
# A doubt older than this was looked at, many times: what is reported since settles it at once.
FRESH = timedelta(minutes=10)
_REPORTED = exists().where(
    StoredEvent.issue_id == Delivery.issue_id,
    StoredEvent.subscriber_id == Delivery.subscriber_id,
    StoredEvent.type != EventType.UNKNOWN,
)


def prove(session: Session, news: Iterable[New], *, now: datetime) -> None:
    """Settle as submitted each delivery in doubt of which a report says that it was taken."""
    proven: dict[int, set[int]] = {}
    for event, issue_id, person in news:
        if event.type in PROOFS and is_in_doubt(session, issue_id, person):
            proven.setdefault(issue_id, set()).add(person)
    for issue_id, people in sorted(proven.items()):
        _settle(session, issue_id, people, now)


def prove_by_earlier(database: Database, *, now: datetime) -> int:
    """Settle who is in doubt though a report on their mail came in first; return how many.

    A call whose answer is lost ends when nobody waits for it any more: what it mailed may have
    been reported by then, and nothing more is said of it.
    """
    proven: dict[int, set[int]] = {}
    with database.read() as session:
        for issue_id, person in session.execute(_reported(now)):
            proven.setdefault(issue_id, set()).add(person)
    settled = 0
    for issue_id, people in sorted(proven.items()):
        with database.begin() as session:
            settled += _settle(session, issue_id, people, now)
    return settled


def _settle(session: Session, issue_id: int, people: Iterable[int], now: datetime) -> int:
    # The issue before its batches, as everywhere: two orders would be a deadlock.
    lock(session, issue_id)
    taken = DeliveryState.SUBMITTED
    settled = sum(
        settle_one(session, issue_id, person, taken, "proven by an event", now=now)
        for person in sorted(people)
    )
    if settled:
        finish(session, issue_id, who=WHO, now=now)
    return settled


def _reported(now: datetime) -> CompoundSelect[int, int]:
    """Select the deliveries in fresh doubt of which a report is kept that proves them."""
    which = select(Delivery.issue_id, Delivery.subscriber_id).where(_REPORTED)
    on_their_way = select(Issue.id).where(Issue.state.in_((IssueState.SENDING, IssueState.PAUSED)))
    in_batch = (
        which.join(Batch, and_(ITS_BATCH, Delivery.subscriber_id.between(Batch.lo, Batch.hi)))
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Batch.state == BatchState.IN_DOUBT,
            Batch.submitted_at > now - FRESH,
            DeliveryException.state.is_(None),
        )
    )
    alone = which.join(DeliveryException, ITS_EXCEPTION).where(
        DeliveryException.issue_id.in_(on_their_way),
        DeliveryException.state == DeliveryState.IN_DOUBT,
        DeliveryException.at > now - FRESH,
    )
    return in_batch.union(alone)
