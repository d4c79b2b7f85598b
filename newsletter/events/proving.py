"""Reports settle what is in doubt: whoever has an event of a mail had that mail."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from newsletter.events.acting import WHO, New
from newsletter.issues import finish
from newsletter.message import EventType
from newsletter.models import Batch, BatchState, Delivery, DeliveryException, DeliveryState

# These prove that the provider had taken the mail, whatever became of it then.
PROOFS = frozenset(EventType) - {EventType.UNKNOWN}


def prove(session: Session, news: Iterable[New], *, now: datetime) -> None:
    """Settle as submitted each delivery in doubt of which a report says that it was taken."""
    proofs = [new for new in news if new.event.type in PROOFS]
    settled = {new for new in proofs if _settle(session, new, now)}
    for issue_id in {new.issue_id for new in settled}:
        finish(session, issue_id, who=WHO, now=now)


def in_doubt(session: Session, issues: set[int]) -> set[int]:
    """Return which of these issues have anything in doubt: mostly none has."""
    batches = select(Batch.issue_id).where(
        Batch.issue_id.in_(issues), Batch.state == BatchState.IN_DOUBT
    )
    people = select(DeliveryException.issue_id).where(
        DeliveryException.issue_id.in_(issues), DeliveryException.state == DeliveryState.IN_DOUBT
    )
    return set(session.scalars(batches.union(people))) if issues else set()


def _settle(session: Session, new: New, now: datetime) -> bool:
    """Settle one person's delivery as submitted, and return whether it was in doubt."""
    issue_id, subscriber_id = new.issue_id, new.subscriber_id
    delivery = session.get_one(Delivery, (issue_id, subscriber_id))
    batch = session.get_one(Batch, (issue_id, delivery.batch_no), with_for_update=True)
    own = session.get(DeliveryException, (issue_id, subscriber_id))
    if (own.state if own else batch.state) != DeliveryState.IN_DOUBT:
        return False
    if own is not None and batch.state == BatchState.SUBMITTED:
        session.delete(own)
    elif own is not None:
        own.state = DeliveryState.SUBMITTED
    else:
        session.add(
            DeliveryException(
                issue_id=issue_id,
                subscriber_id=subscriber_id,
                state=DeliveryState.SUBMITTED,
                detail="proven by an event",
                at=now,
            )
        )
    session.flush()
    if batch.state == BatchState.IN_DOUBT:
        _close(session, batch)
    return True


def _close(session: Session, batch: Batch) -> None:
    """Make a batch submitted once each of its people has a fate of their own."""
    people = (
        select(Delivery.subscriber_id)
        .where(Delivery.issue_id == batch.issue_id, Delivery.batch_no == batch.batch_no)
        .scalar_subquery()
    )
    own = (
        DeliveryException.issue_id == batch.issue_id,
        DeliveryException.subscriber_id.in_(people),
    )
    settled = session.scalar(select(func.count()).select_from(DeliveryException).where(*own))
    if settled != batch.n:
        return
    session.execute(
        update(Batch)
        .where(Batch.issue_id == batch.issue_id, Batch.batch_no == batch.batch_no)
        .values(state=BatchState.SUBMITTED)
    )
    session.execute(
        delete(DeliveryException).where(*own, DeliveryException.state == DeliveryState.SUBMITTED)
    )
