"""Signs that somebody is there and wants their mail: a link followed, a button pressed.

An open is none (RULES M-2): programs open mails for people, and people read without being seen.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from subscribers.evidence import Visit, record
from subscribers.membership import subscription_of
from subscribers.models import (
    Consent,
    ConsentKind,
    List,
    Subscriber,
    Subscription,
    SubscriptionState,
)

SAME_ANSWER = timedelta(days=1)
HERE = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


def engaged(session: Session, when: Mapping[int, datetime]) -> None:
    """Keep when people (by number) last showed a sign of life; an older one changes nothing."""
    for person, at in sorted(when.items()):
        session.execute(
            update(Subscriber)
            .where(
                Subscriber.id == person,
                Subscriber.erased_at.is_(None),
                or_(Subscriber.last_engaged_at.is_(None), Subscriber.last_engaged_at < at),
            )
            .values(last_engaged_at=at)
            .execution_options(synchronize_session=False)
        )


def stay(
    session: Session, list_id: int, subscriber_id: int, *, visit: Visit, now: datetime
) -> Subscription | None:
    """Keep that somebody still wants a list, with evidence; None for who is not on it.

    Pressed again within a day it is the same answer, and no second line.
    Who left meanwhile stays away: saying yes to an old question undoes no goodbye.
    """
    current = subscription_of(session, list_id, subscriber_id)
    if current is None or current.state not in HERE:
        return None
    said_so = select(Consent.id).where(
        Consent.list_id == list_id,
        Consent.subscriber_id == subscriber_id,
        Consent.kind == ConsentKind.STAYS,
        Consent.at > now - SAME_ANSWER,
    )
    if session.scalar(said_so.limit(1)) is not None:
        return current
    list_ = session.get_one(List, list_id)
    record(session, ConsentKind.STAYS, list_, subscriber_id, visit=visit, now=now)
    engaged(session, {subscriber_id: now})
    return current
