"""Closed issues packed: a delivery of which nothing else is to be said needs a bit and no row."""

from datetime import datetime

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from newsletter.models import (
    ITS_BATCH,
    ITS_EXCEPTION,
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    Issue,
    IssueFigures,
    IssueState,
    PackedDelivery,
)
from newsletter.models.packed import BLOCK, is_packed, pack
from subscribers.database import Database
from subscribers.models import Subscriber

CLOSED = (IssueState.SENT, IssueState.CANCELLED)
# A block of fewer people is smaller as rows, which take 13 bytes each.
WORTH_IT = 200


def pack_closed(database: Database, *, now: datetime) -> int:
    """Pack the oldest closed issue whose reports were rolled up, and return how many people.

    In one transaction for each block, so that nobody waits for long; who dies in between is
    followed by who goes on.
    """
    with database.read() as session:
        issue_id = session.scalar(
            select(Issue.id)
            .join(IssueFigures, IssueFigures.issue_id == Issue.id)
            .where(
                Issue.state.in_(CLOSED),
                Issue.packed_at.is_(None),
                # Which text somebody got, of several, stands in their batch.
                Issue.variant == 0,
                IssueFigures.rolled_up_at.is_not(None),
            )
            .order_by(Issue.id)
            .limit(1)
        )
        if issue_id is None:
            return 0
        lo, hi = session.execute(
            select(func.min(Batch.lo), func.max(Batch.hi)).where(Batch.issue_id == issue_id)
        ).one()
    packed = 0
    if lo is not None:
        for block in range(lo // BLOCK, hi // BLOCK + 1):
            with database.begin() as session:
                packed += _pack_block(session, issue_id, block)
    with database.begin() as session:
        session.execute(
            update(Batch)
            .where(Batch.issue_id == issue_id, Batch.state == BatchState.SUBMITTED)
            .values(acked=None)
        )
        session.execute(update(Issue).where(Issue.id == issue_id).values(packed_at=now))
    return packed


def _pack_block(session: Session, issue_id: int, block: int) -> int:
    first = block * BLOCK
    people = session.scalars(
        select(Delivery.subscriber_id)
        .join(Batch, ITS_BATCH)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Delivery.issue_id == issue_id,
            Delivery.subscriber_id.between(first, first + BLOCK - 1),
            Batch.state == BatchState.SUBMITTED,
            DeliveryException.state.is_(None),
        )
    ).all()
    if len(people) < WORTH_IT or session.get(PackedDelivery, (block, issue_id)) is not None:
        return 0
    session.add(PackedDelivery(block=block, issue_id=issue_id, members=pack(people)))
    session.execute(
        delete(Delivery)
        .where(Delivery.issue_id == issue_id, Delivery.subscriber_id.in_(people))
        .execution_options(synchronize_session=False)
    )
    return len(people)


def packed_people(issue_id: int) -> Select[int]:
    """Return the SELECT of the subscribers of an issue who are packed; it takes more conditions."""
    return (
        select(Subscriber.id)
        .join(PackedDelivery, is_packed(Subscriber.id.expression))
        .where(PackedDelivery.issue_id == issue_id)
    )
