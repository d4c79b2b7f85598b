"""The end of an issue: when nobody's fate is open any more."""

from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session

from newsletter.issues.stepping import take_step
from newsletter.models import (
    Batch,
    BatchState,
    DeliveryException,
    DeliveryState,
    Issue,
    IssueState,
)


def finish(session: Session, issue_id: int, *, who: str, now: datetime) -> bool:
    """Make an issue SENT when every batch is settled and nothing is in doubt (RULES R-1)."""
    session.flush()
    # The lock first: a retry that commits between question and answer would be finished over.
    sending = session.connection().scalar(_still_sending(), {"issue": issue_id})
    if sending is None or is_open(session, issue_id):
        return False
    issue = session.get_one(Issue, issue_id, populate_existing=True)
    take_step(
        session,
        issue,
        "finish",
        (IssueState.SENDING,),
        IssueState.SENT,
        who=who,
        now=now,
        finished_at=now,
    )
    return True


def is_open(session: Session, issue_id: int) -> bool:
    """Return whether anybody's fate is still open: pending, sending or in doubt."""
    session.flush()
    connection, of_it = session.connection(), {"issue": issue_id}
    return any(connection.scalar(one, of_it) is not None for one in _still_open())


def is_waiting(session: Session, issue_id: int) -> bool:
    """Return whether a batch waits to be sent: the end of the issue comes after it."""
    return session.connection().scalar(_still_waiting(), {"issue": issue_id}) is not None


# Asked after each call, and so built once.


@cache
def _still_waiting() -> Select[int]:
    return (
        select(Batch.batch_no)
        .where(Batch.issue_id == bindparam("issue"), Batch.state == BatchState.PENDING)
        .limit(1)
    )


@cache
def _still_sending() -> Select[int]:
    issue: BindParameter[int] = bindparam("issue")
    sending = select(Issue.id).where(Issue.id == issue, Issue.state == IssueState.SENDING)
    return sending.with_for_update()


@cache
def _still_open() -> tuple[Select[int], Select[int]]:
    issue: BindParameter[int] = bindparam("issue")
    batches = select(Batch.batch_no).where(
        Batch.issue_id == issue,
        Batch.state.in_((BatchState.PENDING, BatchState.SENDING, BatchState.IN_DOUBT)),
    )
    people = select(DeliveryException.subscriber_id).where(
        DeliveryException.issue_id == issue,
        DeliveryException.state == DeliveryState.IN_DOUBT,
    )
    return batches.limit(1), people.limit(1)
