"""Erasing a person: what is left proves that they agreed, and when, and names nobody.

The address is kept as a keyed hash, so that no import brings the person back. Only they do, by
signing up and confirming. GDPR Art. 17 (erasure) and 7(1) (proof).
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from subscribers.errors import NotFound
from subscribers.goodbyes import NoteKind, note
from subscribers.models import (
    AddressChange,
    Consent,
    ConsentKind,
    Subscriber,
    SubscriberTag,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
)
from subscribers.suppressions import hidden, suppress


def was_erased(session: Session, key: str) -> bool:
    """Say whether the person of an address had everything erased here, and did not come back."""
    found = select(Suppression.id).where(
        Suppression.email_key == hidden(session, key),
        Suppression.reason == SuppressionReason.ERASED,
    )
    return session.scalar(found) is not None


def erase(session: Session, person: Subscriber, *, actor: str, now: datetime) -> None:
    """Erase a person in the store: address, name, attributes, tags, where consent came from.

    An empty row stays, so that old links still lead to a goodbye; the lines of consent keep kind,
    time and the version of the wording. Raises NotFound for who is erased already.
    """
    if person.email_key is None:
        raise NotFound("this person was erased already")
    key = person.email_key
    session.execute(delete(Suppression).where(Suppression.email_key == key))
    suppress(session, hidden(session, key), SuppressionReason.ERASED, now=now)
    session.execute(
        update(AddressChange)
        .where(AddressChange.subscriber_id == person.id)
        .values(email="", email_key="", limit_key="", old_email="")
    )
    session.execute(delete(SubscriberTag).where(SubscriberTag.subscriber_id == person.id))
    session.execute(
        update(Consent)
        .where(Consent.subscriber_id == person.id)
        .values(
            via="",
            wording="",
            source="",
            ip="",
            user_agent="",
            limit_key="",
            import_line=None,
        )
    )
    lists = session.scalars(
        select(Subscription.list_id).where(Subscription.subscriber_id == person.id)
    ).all()
    session.execute(
        update(Subscription)
        .where(Subscription.subscriber_id == person.id)
        .values(
            state=SubscriptionState.UNSUBSCRIBED,
            request_id=None,
            tracking_consent=None,
            joined_at=None,
            changed_at=now,
        )
    )
    for list_id in lists:
        session.add(
            Consent(
                list_id=list_id,
                subscriber_id=person.id,
                kind=ConsentKind.ERASED,
                at=now,
                actor=actor,
            )
        )
    note(session, NoteKind.ERASED, now, subscriber_id=person.id, key=hidden(session, key))
    person.email = person.email_key = None
    person.name, person.attributes = "", {}
    person.last_engaged_at, person.erased_at = None, now
    session.flush()


def welcome_back(session: Session, key: str, subscriber_id: int, *, now: datetime) -> None:
    """Forget that an address was erased: its owner has just confirmed that they want mail."""
    hash_ = hidden(session, key)
    gone = (
        delete(Suppression)
        .where(
            Suppression.email_key == hash_,
            Suppression.reason == SuppressionReason.ERASED,
        )
        .returning(Suppression.id)
    )
    if session.scalars(gone).all():
        note(
            session,
            NoteKind.UNSUPPRESSED,
            now,
            subscriber_id=subscriber_id,
            key=hash_,
            reason=SuppressionReason.ERASED,
        )
