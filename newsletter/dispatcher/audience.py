"""The audience of an issue, frozen into batches and deliveries in one transaction."""

from datetime import datetime

from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.models import Batch, BatchState, Delivery, Issue
from subscribers import store
from subscribers.models import List


def freeze(session: Session, issue_id: int, *, size: int, who: str, now: datetime) -> int:
    """Start a scheduled issue: everybody who may be mailed now, and is in its segment, gets one delivery.

    Returns how many.
    Batches are numbered from 1 and hold `size` recipients by ascending subscriber. Raises
    IssueError when the issue was started or stopped meanwhile. The session must be fresh.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Batches and deliveries are written from the same snapshot: who joins between the two
        # statements would be in a delivery and in no batch.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    issue = session.get_one(Issue, issue_id)
    issues.start(session, issue, who=who, now=now)
    list_ = session.get_one(List, issue.list_id)
    narrowed = store.segment_of(session, list_, issue.segment)
    people = store.audience(issue.list_id, narrowed).subquery()
    person = next(iter(people.c))
    numbered = select(
        person.label("person"), func.row_number().over(order_by=person).label("place")
    ).subquery()
    batch_no = (numbered.c.place - 1) // size + 1
    session.execute(
        insert(Batch).from_select(
            ["issue_id", "batch_no", "lo", "hi", "n", "state"],
            select(
                literal(issue.id),
                batch_no,
                func.min(numbered.c.person),
                func.max(numbered.c.person),
                func.count(),
                literal(str(BatchState.PENDING)),
            ).group_by(batch_no),
        )
    )
    session.execute(
        insert(Delivery).from_select(
            ["issue_id", "subscriber_id", "batch_no"],
            select(literal(issue.id), numbered.c.person, batch_no).order_by(numbered.c.person),
        )
    )
    issue.recipients = (
        session.scalar(select(func.sum(Batch.n)).where(Batch.issue_id == issue.id)) or 0
    )
    session.flush()
    return issue.recipients
