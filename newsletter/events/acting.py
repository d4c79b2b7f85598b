"""The consequences of new reports: addresses suppressed, subscriptions ended."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, func, literal, or_, select
from sqlalchemy.orm import Session

from newsletter.bounces import GOODBYE
from newsletter.events.rules import AWAY, consequence
from newsletter.message import Event, EventType
from newsletter.models import (
    ITS_EXCEPTION,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
    PackedDelivery,
    StoredEvent,
)
from newsletter.models.packed import is_packed
from subscribers import store
from subscribers.models import Consent, ConsentKind, Subscriber, Subscription

WHO = "provider"
# Nobody's row of bounces is looked for further back.
LOOKED_BACK = 50


class New(NamedTuple):
    """A report that was not known before, and the delivery that it is about."""

    event: Event
    issue_id: int
    subscriber_id: int


def act(session: Session, new: New, *, now: datetime) -> None:
    """Do what follows from a new report; harmless when it was done before."""
    event, issue_id, subscriber_id = new
    follows = consequence(event.type, event.cause)
    if follows is None:
        return
    person = session.get_one(Subscriber, subscriber_id)
    list_id, mailed_at = session.execute(
        select(Issue.list_id, Issue.started_at).where(Issue.id == issue_id)
    ).one()
    if follows.leaves and session.get(Subscription, (list_id, subscriber_id)) is not None:
        actor = "self" if event.source == GOODBYE else WHO
        visit = store.Visit(actor=actor, via=event.source, source=event.detail)
        store.unsubscribe(session, list_id, subscriber_id, visit=visit, now=now)
    if follows.suppress is None or not person.email_key:
        return
    since = store.address_since(session, subscriber_id)
    if since is not None and mailed_at is not None and mailed_at <= since:
        # It was another address that failed; the present one was not mailed yet.
        return
    if follows.after > 1 and _in_a_row(session, list_id, subscriber_id, since) < follows.after:
        return
    store.suppress(session, person.email_key, follows.suppress, detail=event.detail, now=now)


def _in_a_row(session: Session, list_id: int, subscriber_id: int, since: datetime | None) -> int:
    """Return how many of a list's issues in a row never reached a person, at most.

    Counted `since` they have their address, and since it was last allowed again.
    """
    allowed = session.scalar(
        select(func.max(Consent.at)).where(
            Consent.subscriber_id == subscriber_id,
            Consent.list_id == list_id,
            Consent.kind == ConsentKind.UNSUPPRESSED,
        )
    )
    by_row = (
        select(Delivery.issue_id)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Delivery.issue_id == Issue.id,
            Delivery.subscriber_id == subscriber_id,
            or_(
                DeliveryException.state.is_(None),
                DeliveryException.state != DeliveryState.SKIPPED,
            ),
        )
        .exists()
    )
    packed = exists().where(PackedDelivery.issue_id == Issue.id, is_packed(literal(subscriber_id)))
    bounced = (
        select(StoredEvent.id)
        .where(
            StoredEvent.issue_id == Issue.id,
            StoredEvent.subscriber_id == subscriber_id,
            StoredEvent.type == EventType.BOUNCED,
            StoredEvent.cause.in_(AWAY),
        )
        .exists()
    )
    tried = session.scalars(
        select(bounced)
        .select_from(Issue)
        .where(
            Issue.list_id == list_id,
            or_(by_row, packed),
            *[Issue.started_at > moment for moment in (allowed, since) if moment is not None],
        )
        .order_by(Issue.id.desc())
        .limit(LOOKED_BACK)
    )
    longest = length = 0
    for away in tried:
        length = length + 1 if away else 0
        longest = max(longest, length)
    return longest
