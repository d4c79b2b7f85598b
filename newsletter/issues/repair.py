"""What a person decides after the fact: mail the failed again, and say what is in doubt."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session

from newsletter.errors import IssueError
from newsletter.issues.doubt import settle_one
from newsletter.issues.ending import finish
from newsletter.issues.splits import split
from newsletter.issues.stepping import because, lock, log, refusal
from newsletter.models import (
    ITS_BATCH,
    ITS_EXCEPTION,
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
    IssueState,
)


def retry(
    session: Session,
    issue: Issue,
    *,
    size: int = 1000,
    who: str,
    now: datetime,
    detail: str = "",
) -> int:
    """Put every failed recipient back to pending, in new batches, and return how many.

    A sent issue goes on sending; a paused one waits for `resume`. Raises IssueError when the
    issue has not begun or was cancelled.
    """
    lock(session, issue.id)
    session.refresh(issue)
    begun = (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)
    if issue.state not in begun or issue.frozen_at is None:
        raise refusal(issue, "retry")
    people = _failed(session, issue.id)
    if not people:
        return 0
    _leave(session, issue.id, people)
    for at in range(0, len(people), size):
        split(session, issue.id, people[at : at + size], parent=None)
    if issue.state == IssueState.SENT:
        issue.state = IssueState.SENDING
        issue.finished_at = None
    issue.updated_at = now
    told = because(f"{len(people)} recipients", detail)
    log(session, issue, "retry", who=who, now=now, detail=told)
    session.flush()
    return len(people)


def settle(
    session: Session,
    issue: Issue,
    outcome: DeliveryState,
    *,
    person: int | None = None,
    who: str,
    now: datetime,
    detail: str = "",
) -> int:
    """Say of every recipient in doubt, or of one person, what became of them; return how many.

    SUBMITTED: they have it. FAILED: they do not, and `retry` may mail them again. The issue is
    finished when nothing else is open. Raises IssueError for another outcome, and for a person
    who is not in doubt.
    """
    if outcome not in (DeliveryState.SUBMITTED, DeliveryState.FAILED):
        raise IssueError(f"nothing can be settled as {outcome}", "--as submitted|failed")
    lock(session, issue.id)
    session.refresh(issue)
    if person is None:
        settled = _settle_batches(session, issue.id, outcome)
        settled += _settle_people(session, issue.id, outcome, now)
    else:
        told = f"settled as {outcome}"
        settled = int(settle_one(session, issue.id, person, outcome, told, now=now))
        if not settled:
            raise IssueError(
                f"this person is not in doubt for {issue.list_slug}/{issue.key}",
                f"newsletter recipients {issue.list_slug}/{issue.key} --state in_doubt",
            )
    if settled:
        told = because(f"{settled} recipients as {outcome}", detail)
        log(session, issue, "settle", who=who, now=now, detail=told)
        session.flush()
    finish(session, issue.id, who=who, now=now)
    session.refresh(issue)
    return settled


def _failed(session: Session, issue_id: int) -> Sequence[int]:
    """Return the ids of all whose state is failed, ascending."""
    own = exists().where(ITS_EXCEPTION)
    return session.scalars(
        select(Delivery.subscriber_id)
        .join(Batch, ITS_BATCH)
        .where(
            Delivery.issue_id == issue_id,
            # Whoever a batch on its way refused so far is retried when it is done.
            Batch.state != BatchState.SENDING,
            or_(
                own.where(DeliveryException.state == DeliveryState.FAILED),
                and_(Batch.state == BatchState.FAILED, ~own),
            ),
        )
        .order_by(Delivery.subscriber_id)
    ).all()


def _leave(session: Session, issue_id: int, people: Sequence[int]) -> None:
    """Take these people off the sizes of their batches."""
    numbers: dict[int, int] = {}
    for at in range(0, len(people), 10_000):
        for number in session.scalars(
            select(Delivery.batch_no).where(
                Delivery.issue_id == issue_id,
                Delivery.subscriber_id.in_(people[at : at + 10_000]),
            )
        ):
            numbers[number] = numbers.get(number, 0) + 1
    for number, left in numbers.items():
        session.execute(
            update(Batch)
            .where(Batch.issue_id == issue_id, Batch.batch_no == number)
            .values(n=Batch.n - left)
            .execution_options(synchronize_session=False)
        )


def _settle_batches(session: Session, issue_id: int, outcome: DeliveryState) -> int:
    doubtful = session.execute(
        select(Batch.batch_no, Batch.n).where(
            Batch.issue_id == issue_id, Batch.state == BatchState.IN_DOUBT
        )
    ).all()
    people = 0
    for number, n in doubtful:
        session.execute(
            update(Batch)
            .where(Batch.issue_id == issue_id, Batch.batch_no == number)
            .values(state=BatchState(outcome), detail=f"settled as {outcome}")
            .execution_options(synchronize_session=False)
        )
        people += n - len(_exceptions(session, issue_id, number))
    return people


def _settle_people(session: Session, issue_id: int, outcome: DeliveryState, now: datetime) -> int:
    mine = and_(
        DeliveryException.issue_id == issue_id,
        DeliveryException.state == DeliveryState.IN_DOUBT,
    )
    people = session.scalars(select(DeliveryException.subscriber_id).where(mine)).all()
    session.execute(
        update(DeliveryException)
        .where(mine)
        .values(state=outcome, detail=f"settled as {outcome}", at=now)
        .execution_options(synchronize_session=False)
    )
    return len(people)


def _exceptions(session: Session, issue_id: int, batch_no: int) -> Sequence[int]:
    return session.scalars(
        select(DeliveryException.subscriber_id)
        .join(Delivery, ITS_EXCEPTION)
        .where(Delivery.issue_id == issue_id, Delivery.batch_no == batch_no)
    ).all()
