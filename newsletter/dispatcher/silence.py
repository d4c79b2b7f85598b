"""Calls in doubt of which nothing is heard, mailed again where the operator chose that (ENGINE §5).

What nobody of a call is heard of while others are was most likely not taken. It may have been: then
they have two mails, which is why this is chosen and not done by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from newsletter.issues import log
from newsletter.issues.splits import split
from newsletter.issues.stepping import lock
from newsletter.models import (
    ITS_EXCEPTION,
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    DeliveryState,
    EventPost,
    Issue,
    IssueState,
    StoredEvent,
)
from subscribers.database import Database

SILENT = timedelta(minutes=30)
_IN_DOUBT = and_(Batch.state == BatchState.IN_DOUBT, Batch.at_once == 0)
_ITS_EVENT = and_(
    StoredEvent.issue_id == Delivery.issue_id, StoredEvent.subscriber_id == Delivery.subscriber_id
)


def resend_silent(database: Database, *, who: str, now: datetime) -> int:
    """Let every call be made again that is silent for 30 minutes; return for how many people.

    Silent: all that was called is in doubt and of none of them came a report, while its provider
    reported on others since. Only of issues that are on their way; a step-by-step provider has one
    mail in doubt and no others.
    """
    with database.read() as session:
        found = session.execute(
            select(Batch.issue_id, Batch.batch_no)
            .join(Issue, Issue.id == Batch.issue_id)
            .where(_IN_DOUBT, Batch.submitted_at <= now - SILENT, Issue.state == IssueState.SENDING)
            .order_by(Batch.issue_id, Batch.batch_no)
        ).all()
    again = 0
    for issue_id, batch_no in found:
        with database.begin() as session:
            again += _again(session, issue_id, batch_no, who=who, now=now)
    return again


def _again(session: Session, issue_id: int, batch_no: int, *, who: str, now: datetime) -> int:
    lock(session, issue_id)
    issue = session.get_one(Issue, issue_id, populate_existing=True)
    batch = session.get_one(
        Batch, (issue_id, batch_no), with_for_update=True, populate_existing=True
    )
    # A person or a report settled it meanwhile, or the issue was stopped.
    if batch.state != BatchState.IN_DOUBT or issue.state != IssueState.SENDING:
        return 0
    if _is_known_of(session, batch) or not _is_heard_since(session, batch):
        return 0
    people = _called(session, batch)
    split(session, issue_id, people, parent=batch_no, attempt=batch.attempt)
    # Who stays was left out or refused, and has a fate of their own.
    batch.n -= len(people)
    batch.state, batch.detail = BatchState.SUBMITTED, ""
    detail = f"{len(people)} recipients of batch {batch_no}: nothing was heard of any of them"
    log(session, issue, "resend", who=who, now=now, detail=detail)
    return len(people)


def _called(session: Session, batch: Batch) -> Sequence[int]:
    return session.scalars(
        select(Delivery.subscriber_id)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Delivery.issue_id == batch.issue_id,
            Delivery.subscriber_id.between(batch.lo, batch.hi),
            Delivery.batch_no == batch.batch_no,
            DeliveryException.state.is_(None),
        )
        .order_by(Delivery.subscriber_id)
    ).all()


def _is_known_of(session: Session, batch: Batch) -> bool:
    """Say whether anybody of a batch has their mail: then it was taken, whoever else is silent."""
    those = Delivery.issue_id == batch.issue_id, Delivery.batch_no == batch.batch_no
    reported = select(StoredEvent.id).join(Delivery, _ITS_EVENT).where(*those).limit(1)
    settled = (
        select(Delivery.subscriber_id)
        .join(DeliveryException, ITS_EXCEPTION)
        .where(*those, DeliveryException.state == DeliveryState.SUBMITTED)
        .limit(1)
    )
    return any(session.scalar(one) is not None for one in (reported, settled))


def _is_heard_since(session: Session, batch: Batch) -> bool:
    """Say whether its provider reported on others since a batch was called, and all that was read."""
    newest = (
        select(StoredEvent.received_at)
        .where(StoredEvent.source == batch.provider)
        .order_by(StoredEvent.id.desc())
        .limit(1)
    )
    heard_at, called_at = session.scalar(newest), batch.submitted_at
    if heard_at is None or called_at is None or heard_at <= called_at:
        return False
    # What was kept and is not read, or cannot be, may be about this very batch.
    unread = select(EventPost.id).where(EventPost.received_at > called_at).limit(1)
    return session.scalar(unread) is None
