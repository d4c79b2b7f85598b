"""How a list grew and shrank between two moments, from the lines of consent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.models import (
    Consent,
    ConsentKind,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)

JOINED = (
    ConsentKind.CONFIRMED,
    ConsentKind.IMPORTED,
    ConsentKind.ADDED,
    ConsentKind.CAME_BACK,
)
LEFT = (ConsentKind.LEFT, ConsentKind.ERASED)


@dataclass(frozen=True, slots=True)
class Growth:
    """People who joined a list, left it, and whose address was found dead, from `since` on.

    Who does two of these in the time counts in both.
    """

    since: datetime | None
    until: datetime
    joined: int
    left: int
    bounced: int


def growth(session: Session, list_id: int, since: datetime | None, until: datetime) -> Growth:
    """Return what happened to a list from a moment (None: the beginning) until another."""
    return Growth(
        since,
        until,
        joined=_people(session, list_id, JOINED, since, until),
        left=_people(session, list_id, LEFT, since, until),
        bounced=_bounced(session, list_id, since, until),
    )


def mailable_now(session: Session, list_id: int) -> int:
    """Return how many people of a list may be mailed now."""
    return store.count_audience(session, list_id)


def _people(
    session: Session,
    list_id: int,
    kinds: tuple[ConsentKind, ...],
    since: datetime | None,
    until: datetime,
) -> int:
    found = select(func.count(Consent.subscriber_id.distinct())).where(
        Consent.list_id == list_id, Consent.kind.in_(kinds), Consent.at < until
    )
    if since is not None:
        found = found.where(Consent.at >= since)
    return session.scalar(found) or 0


def _bounced(session: Session, list_id: int, since: datetime | None, until: datetime) -> int:
    found = (
        select(func.count())
        .select_from(Suppression)
        .join(Subscriber, Subscriber.email_key == Suppression.email_key)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .where(
            Subscription.list_id == list_id,
            Suppression.reason == SuppressionReason.BOUNCED,
            Suppression.created_at < until,
        )
    )
    if since is not None:
        found = found.where(Suppression.created_at >= since)
    return session.scalar(found) or 0
