"""Whom an issue reached: the people that a correction is for."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from newsletter.errors import IssueError
from newsletter.models import (
    ITS_BATCH,
    ITS_EXCEPTION,
    ITS_STATE,
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
    IssueState,
    PackedDelivery,
)
from newsletter.models.packed import is_packed
from subscribers.models import Subscription

_STANDS = (IssueState.PAUSED, IssueState.SENT, IssueState.CANCELLED)


def reached(first: Issue) -> ColumnElement[bool]:
    """The condition that a joined Subscription is of somebody who has this issue.

    Of an issue that was amended: has one of its earlier texts. Who is in doubt is not among them.
    """
    got = (
        select(Delivery.subscriber_id)
        .join(Batch, ITS_BATCH)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Delivery.issue_id == first.id,
            Delivery.subscriber_id == Subscription.subscriber_id,
            ITS_STATE == DeliveryState.SUBMITTED,
        )
    )
    if first.variant:
        got = got.where(Batch.variant < first.variant)
    packed = select(PackedDelivery.issue_id).where(
        PackedDelivery.issue_id == first.id, is_packed(Subscription.subscriber_id.expression)
    )
    return or_(exists(got.correlate(Subscription)), exists(packed.correlate(Subscription)))


def require_still(session: Session, first: Issue) -> None:
    """Refuse with IssueError while it is not certain whom an issue reached: it is on its way."""
    name = f"{first.list_slug}/{first.key}"
    if first.frozen_at is None:
        raise IssueError(f"{name} reached nobody yet", "newsletter amend changes its text")
    if first.state not in _STANDS:
        raise IssueError(f"{name} is {first.state}", f"newsletter pause {name} first")
    flying = select(Batch.batch_no).where(
        Batch.issue_id == first.id, Batch.state == BatchState.SENDING
    )
    if session.scalar(flying.limit(1)) is not None:
        raise IssueError(f"{name} has calls on their way", "a minute later they have ended")
