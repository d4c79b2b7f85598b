"""Who may be mailed now, and finding people."""

from collections.abc import Sequence

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


def find(session: Session, key: str) -> Subscriber | None:
    """Return the person of an address key."""
    return session.scalar(select(Subscriber).where(Subscriber.email_key == key))


def search(session: Session, prefix: str, *, limit: int) -> Sequence[Subscriber]:
    """Return people whose address begins with `prefix`, by key; the index answers."""
    lowered = prefix.lower()
    return session.scalars(
        select(Subscriber)
        .where(Subscriber.email_key >= lowered, Subscriber.email_key < lowered + "\U0010ffff")
        .order_by(Subscriber.email_key)
        .limit(limit)
    ).all()
