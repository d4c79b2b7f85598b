"""Goodbyes made true again in a database that was put back from a backup."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from subscribers.evidence import Visit
from subscribers.goodbyes import Note, NoteKind
from subscribers.membership import unsubscribe
from subscribers.models import (
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
)
from subscribers.suppressions import hidden, is_suppressed, suppress


def replay(session: Session, one: Note, *, now: datetime) -> bool:
    """Make a note true again; return whether anything changed. Erasures are the caller's."""
    if one.kind == NoteKind.LEFT:
        return _leave(session, one, now)
    if one.kind == NoteKind.SUPPRESSED:
        return _suppress(session, one, now)
    if one.kind == NoteKind.UNSUPPRESSED and one.reason == SuppressionReason.ERASED:
        # They came back with evidence: the backup has it and them, or they stay as erased.
        return not is_same_person(session, one) and _suppress(session, one, now)
    if one.kind == NoteKind.UNSUPPRESSED:
        keys = [one.key, *_own_key(session, one)]
        gone = delete(Suppression).where(Suppression.email_key.in_(keys)).returning(Suppression.id)
        return bool(session.scalars(gone).all())
    # Who came back did so with evidence that the backup has not: they are asked, and not revived.
    return False


def is_same_person(session: Session, one: Note) -> bool:
    """Say whether the person is here whom a note means: of this number, and of this address."""
    return bool(_own_key(session, one))


def _leave(session: Session, one: Note, now: datetime) -> bool:
    found = session.get(Subscription, (one.list_id, one.subscriber_id))
    if found is None or found.state == SubscriptionState.UNSUBSCRIBED:
        return False
    visit = Visit(actor="admin", via="restore", source=f"left on {one.at:%Y-%m-%d %H:%M} UTC")
    unsubscribe(session, one.list_id, one.subscriber_id, visit=visit, now=now)
    return True


def _suppress(session: Session, one: Note, now: datetime) -> bool:
    for key in _own_key(session, one) or [one.key]:
        if not is_suppressed(session, key):
            suppress(session, key, SuppressionReason(one.reason), now=now)
            return True
    return False


def _own_key(session: Session, one: Note) -> list[str]:
    """Return the address key itself, where the person is here whom the hash stands for."""
    person = session.get(Subscriber, one.subscriber_id) if one.subscriber_id else None
    if person is None or person.email_key is None:
        return []
    return [person.email_key] if hidden(session, person.email_key) == one.key else []
