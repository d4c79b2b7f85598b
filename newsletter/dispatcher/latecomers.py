"""Who has just confirmed gets the current issue too, where the List wants that."""

from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from newsletter import engagement
from newsletter.dispatcher.audience import lane_of
from newsletter.issues.first_wave import REST
from newsletter.issues.packing import packed_people
from newsletter.issues.stepping import lock, log
from newsletter.models import Batch, Delivery, Issue, IssueState
from newsletter.pace import NO_LIMITS, Limits
from subscribers import store
from subscribers.models import List, Subscriber

_OUT = (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)


def send_latest(
    session: Session,
    list_: List,
    person: Subscriber,
    *,
    limits: Limits = NO_LIMITS,
    who: str,
    now: datetime,
) -> bool:
    """Append a batch for one person to the List's latest issue; return whether this did it.

    In the transaction that confirms. Not for who has a delivery of it already, who may not be
    mailed, or is outside its segment; not for a correction, or an issue that began longer ago
    than the List says.
    """
    if not list_.latest_within:
        return False
    issue = _latest(session, list_, now)
    if issue is None:
        return False
    lock(session, issue.id)
    session.refresh(issue)
    if issue.state not in _OUT or not _may_get(session, list_, issue, person):
        return False
    number = 1 + (
        session.scalar(select(func.max(Batch.batch_no)).where(Batch.issue_id == issue.id)) or 0
    )
    session.execute(
        insert(Batch).values(
            issue_id=issue.id,
            batch_no=number,
            lo=person.id,
            hi=person.id,
            n=1,
            wave=REST,
            lane=lane_of(person.email_key or "", limits),
        )
    )
    session.execute(
        insert(Delivery).values(issue_id=issue.id, subscriber_id=person.id, batch_no=number)
    )
    issue.recipients += 1
    issue.updated_at = now
    if issue.state == IssueState.SENT:
        issue.state = IssueState.SENDING
        issue.finished_at = None
    log(session, issue, "append", who=who, now=now, detail="1 person who confirmed")
    session.flush()
    return True


def _latest(session: Session, list_: List, now: datetime) -> Issue | None:
    return session.scalar(
        select(Issue)
        .where(
            Issue.list_id == list_.id,
            Issue.state.in_(_OUT),
            Issue.corrects.is_(None),
            Issue.started_at >= now - timedelta(days=list_.latest_within),
        )
        .order_by(Issue.started_at.desc(), Issue.id.desc())
        .limit(1)
    )


def _may_get(session: Session, list_: List, issue: Issue, person: Subscriber) -> bool:
    packed = packed_people(issue.id).where(Subscriber.id == person.id)
    # In this order: who is packed in between is found by the second.
    if session.get(Delivery, (issue.id, person.id)) or session.scalar(packed):
        return False
    narrowed = engagement.narrowed(session, list_, issue.segment, besides=issue.id)
    mine = store.audience(list_.id, narrowed).where(Subscriber.id == person.id)
    return session.scalar(mine) is not None
