"""Suppressions: addresses not mailed whoever asks."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from subscribers.database import insert_into
from subscribers.errors import NotFound, SubscriberError
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
    # Two reports on one address at the same instant: the second finds the first one's row.
    session.execute(
        insert_into(session, Suppression)
        .values(email_key=key, reason=reason, detail=detail, created_at=now)
        .on_conflict_do_nothing(index_elements=["email_key"])
    )
    return session.scalars(select(Suppression).where(Suppression.email_key == key)).one()


def unsuppress(session: Session, key: str, *, reason: str, now: datetime) -> None:
    """Take a suppression away and leave a trace with the reason; raises NotFound.

    The trace is a line of evidence on each of the person's lists.
    """
    if not reason.strip():
        raise SubscriberError("taking a suppression away needs a reason", "--reason TEXT")
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
