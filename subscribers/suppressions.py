"""Suppressions: addresses not mailed whoever asks."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from subscribers.errors import NotFound
from subscribers.models import (
    Consent,
    ConsentKind,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)


def suppress(
    session: Session, key: str, reason: SuppressionReason, *, detail: str = "", now: datetime
) -> Suppression:
    """Suppress an address by its key; the first reason stays when it is suppressed already."""
    found = session.scalar(select(Suppression).where(Suppression.email_key == key))
    if found is None:
        found = Suppression(email_key=key, reason=reason, detail=detail, created_at=now)
        session.add(found)
        session.flush()
    return found


def unsuppress(session: Session, key: str, *, reason: str, now: datetime) -> None:
    """Take a suppression away and leave a trace with the reason; raises NotFound."""
    found = session.scalar(select(Suppression).where(Suppression.email_key == key))
    if found is None:
        raise NotFound(f"{key} is not suppressed")
    session.execute(delete(Suppression).where(Suppression.id == found.id))
    lists = session.execute(
        select(Subscription.list_id, Subscription.subscriber_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscriber.email_key == key)
    ).all()
    for list_id, subscriber_id in lists:
        session.add(
            Consent(
                list_id=list_id,
                subscriber_id=subscriber_id,
                kind=ConsentKind.UNSUPPRESSED,
                at=now,
                actor="admin",
                source=reason,
            )
        )


def is_suppressed(session: Session, key: str) -> bool:
    """Say whether an address is suppressed."""
    found = session.scalar(select(Suppression.id).where(Suppression.email_key == key))
    return found is not None
