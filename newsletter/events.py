"""What the outside says of deliveries: recorded once, and moving state only forward."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsletter.errors import LinkInvalid
from newsletter.issues import finish
from newsletter.links import Links
from newsletter.message import Event, EventType
from newsletter.models import (
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
    StoredEvent,
)
from subscribers import store
from subscribers.models import Subscriber, Subscription, SuppressionReason

# These prove that the provider had taken the mail, whatever became of it then.
PROOFS = frozenset(EventType) - {EventType.UNKNOWN, EventType.REJECTED}
WHO = "provider"


def record(session: Session, links: Links, events: Iterable[Event], *, now: datetime) -> int:
    """Record events that are new and act on them; return how many were new (RULES WH-4…WH-6).

    A dead address is suppressed, a complaint leaves the list and is suppressed, a goodbye at the
    provider leaves the list; a delivery in doubt is settled by any proof that it was taken.
    """
    new = 0
    for event in events:
        issue_id, subscriber_id = _delivery(session, links, event.token)
        if not _is_new(session, event, issue_id, subscriber_id, now):
            continue
        new += 1
        if issue_id is not None and subscriber_id is not None:
            _act(session, event, issue_id, subscriber_id, now)
    return new


def _delivery(session: Session, links: Links, token: str) -> tuple[int | None, int | None]:
    try:
        names = links.unseal_delivery(token)
    except LinkInvalid:
        return None, None
    return names if session.get(Delivery, names) is not None else (None, None)


def _is_new(
    session: Session,
    event: Event,
    issue_id: int | None,
    subscriber_id: int | None,
    now: datetime,
) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    inserted = session.scalar(
        dialect.insert(StoredEvent)
        .values(
            source=event.source,
            source_id=event.source_id,
            type=event.type,
            issue_id=issue_id,
            subscriber_id=subscriber_id,
            at=event.at,
            received_at=now,
            detail=event.detail,
        )
        .on_conflict_do_nothing(index_elements=["source", "source_id"])
        .returning(StoredEvent.id)
    )
    return inserted is not None


def _act(session: Session, event: Event, issue_id: int, subscriber_id: int, now: datetime) -> None:
    person = session.get_one(Subscriber, subscriber_id)
    if event.type in PROOFS:
        _prove(session, issue_id, subscriber_id, now)
    if event.permanent and person.email_key:
        reason = SuppressionReason.BOUNCED
        store.suppress(session, person.email_key, reason, detail=event.detail, now=now)
    if event.type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
        list_id = session.get_one(Issue, issue_id).list_id
        if session.get(Subscription, (list_id, subscriber_id)) is not None:
            visit = store.Visit(actor=WHO, via="webhook", source=event.detail)
            store.unsubscribe(session, list_id, subscriber_id, visit=visit, now=now)
    if event.type is EventType.COMPLAINED and person.email_key:
        reason = SuppressionReason.COMPLAINED
        store.suppress(session, person.email_key, reason, detail=event.detail, now=now)


def _prove(session: Session, issue_id: int, subscriber_id: int, now: datetime) -> None:
    """Settle one person's delivery as submitted, when it is in doubt."""
    delivery = session.get_one(Delivery, (issue_id, subscriber_id))
    batch = session.get_one(Batch, (issue_id, delivery.batch_no), with_for_update=True)
    own = session.get(DeliveryException, (issue_id, subscriber_id))
    if (own.state if own else batch.state) != DeliveryState.IN_DOUBT:
        return
    if own is not None and batch.state == BatchState.SUBMITTED:
        session.delete(own)
    elif own is not None:
        own.state = DeliveryState.SUBMITTED
    else:
        session.add(
            DeliveryException(
                issue_id=issue_id,
                subscriber_id=subscriber_id,
                state=DeliveryState.SUBMITTED,
                detail="proven by an event",
                at=now,
            )
        )
    session.flush()
    if batch.state == BatchState.IN_DOUBT:
        _close(session, batch)
    finish(session, issue_id, who=WHO, now=now)


def _close(session: Session, batch: Batch) -> None:
    """Make a batch submitted once each of its people has a fate of their own."""
    people = (
        select(Delivery.subscriber_id)
        .where(Delivery.issue_id == batch.issue_id, Delivery.batch_no == batch.batch_no)
        .scalar_subquery()
    )
    own = (
        DeliveryException.issue_id == batch.issue_id,
        DeliveryException.subscriber_id.in_(people),
    )
    settled = session.scalar(select(func.count()).select_from(DeliveryException).where(*own))
    if settled != batch.n:
        return
    session.execute(
        update(Batch)
        .where(Batch.issue_id == batch.issue_id, Batch.batch_no == batch.batch_no)
        .values(state=BatchState.SUBMITTED)
    )
    session.execute(
        delete(DeliveryException).where(*own, DeliveryException.state == DeliveryState.SUBMITTED)
    )
