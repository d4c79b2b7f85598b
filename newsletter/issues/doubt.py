"""Who is in doubt; and one of them settled: by a report that proves it, or by whoever asked them."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from newsletter.models import (
    ITS_BATCH,
    ITS_EXCEPTION,
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    DeliveryState,
)


def in_doubt(session: Session, issues: set[int]) -> set[int]:
    """Return which of these issues have anything in doubt: mostly none has."""
    batches = select(Batch.issue_id).where(
        Batch.issue_id.in_(issues), Batch.state == BatchState.IN_DOUBT
    )
    people = select(DeliveryException.issue_id).where(
        DeliveryException.issue_id.in_(issues), DeliveryException.state == DeliveryState.IN_DOUBT
    )
    return set(session.scalars(batches.union(people))) if issues else set()


def is_in_doubt(session: Session, issue_id: int, subscriber_id: int) -> bool:
    """Say whether one person's delivery is in doubt; a look that locks nothing."""
    state = session.scalar(
        select(func.coalesce(DeliveryException.state, Batch.state))
        .select_from(Delivery)
        .join(Batch, ITS_BATCH)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(Delivery.issue_id == issue_id, Delivery.subscriber_id == subscriber_id)
    )
    return state == DeliveryState.IN_DOUBT


def settle_one(
    session: Session,
    issue_id: int,
    subscriber_id: int,
    outcome: DeliveryState,
    detail: str,
    *,
    now: datetime,
) -> bool:
    """Settle one person's delivery, and return whether it was in doubt.

    The caller holds the issue's row (`lock`).
    """
    delivery = session.get(Delivery, (issue_id, subscriber_id))
    if delivery is None:
        return False
    batch = session.get_one(Batch, (issue_id, delivery.batch_no), with_for_update=True)
    own = session.get(DeliveryException, (issue_id, subscriber_id), populate_existing=True)
    if (own.state if own else batch.state) != DeliveryState.IN_DOUBT:
        return False
    if own is not None and batch.state == outcome:
        session.delete(own)
    elif own is not None:
        own.state, own.detail, own.at = outcome, detail, now
    else:
        session.add(
            DeliveryException(
                issue_id=issue_id,
                subscriber_id=subscriber_id,
                state=outcome,
                detail=detail,
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
