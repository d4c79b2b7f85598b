"""Who may be mailed now."""

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from subscribers.models import Subscriber, Subscription, SubscriptionState, Suppression


def audience(list_id: int) -> Select[int]:
    """Select the ids that may be mailed on a list now: active, with an address, not suppressed."""
    return (
        select(Subscription.subscriber_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscription.list_id == list_id, mailable())
    )


def mailable() -> ColumnElement[bool]:
    """The condition that a joined Subscription and Subscriber may be mailed now."""
    suppressed = exists().where(Suppression.email_key == Subscriber.email_key)
    return and_(
        Subscription.state == SubscriptionState.ACTIVE,
        Subscriber.email.is_not(None),
        ~suppressed,
    )


def count_audience(session: Session, list_id: int) -> int:
    """Count the people a send would reach now."""
    return session.scalar(select(func.count()).select_from(audience(list_id).subquery())) or 0
