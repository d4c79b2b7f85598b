"""Who may be mailed now: all of a list, or a segment of it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from subscribers.models import List, Subscriber, Subscription, SubscriptionState
from subscribers.segment import Compiler, Predicate, parse
from subscribers.suppressions import is_free


def audience(list_id: int, condition: ColumnElement[bool] | None = None) -> Select[int]:
    """Select the ids that may be mailed on a list now: active, with an address, not suppressed.

    `condition` narrows them (`segment_of`).
    """
    found = (
        select(Subscription.subscriber_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscription.list_id == list_id, mailable())
    )
    return found if condition is None else found.where(condition)


def mailable() -> ColumnElement[bool]:
    """The condition that a joined Subscription and Subscriber may be mailed now."""
    return and_(
        Subscription.state == SubscriptionState.ACTIVE,
        Subscriber.email.is_not(None),
        is_free(Subscriber.email_key.expression),
    )


def segment_of(
    session: Session, list_: List, text: str, predicates: Mapping[str, Predicate] | None = None
) -> ColumnElement[bool] | None:
    """Return the condition of a filter on a list's people, None for an empty one.

    Days are the list's. `predicates` are more words for the filter, by name. Raises
    SegmentRefused.
    """
    if not text.strip():
        return None
    compiler = Compiler(
        session.get_bind().dialect.name, predicates=predicates, time_zone=list_.time_zone
    )
    return compiler.condition(parse(text, predicates or {}))


def count_audience(
    session: Session, list_id: int, condition: ColumnElement[bool] | None = None
) -> int:
    """Count the people a send would reach now."""
    people = audience(list_id, condition).subquery()
    return session.scalar(select(func.count()).select_from(people)) or 0


def sample_audience(
    session: Session,
    list_id: int,
    condition: ColumnElement[bool] | None = None,
    *,
    limit: int = 5,
    after: str = "",
) -> Sequence[Subscriber]:
    """Return some of the people a send would reach now, by address, after an address's key."""
    return session.scalars(
        audience(list_id, condition)
        .with_only_columns(Subscriber)
        .where(Subscriber.email_key > after)
        .order_by(Subscriber.email_key)
        .limit(limit)
    ).all()
