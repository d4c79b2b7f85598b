"""The audience of an issue, frozen into batches and deliveries in one transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, insert, literal, select
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.issues.first_wave import FIRST, REST, size_of
from newsletter.models import Batch, BatchState, Delivery, Issue
from subscribers import store
from subscribers.models import List

# Drawn at random from so many times too many, so that not everybody has to be sorted.
LOTS = 3
PARTS = 1_000_000


def freeze(
    session: Session, issue_id: int, *, size: int, hears: bool = False, who: str, now: datetime
) -> int:
    """Start a scheduled issue: everybody who may be mailed now, and is in its segment, gets one delivery.

    Returns how many.
    The first wave, drawn at random, is in the first batches; `hears` as in `first_wave.size_of`.
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
    people = store.audience(issue.list_id, narrowed)
    issue.recipients = store.count_audience(session, issue.list_id, narrowed)
    first = size_of(issue.first, issue.recipients, hears=hears)
    used = 0
    if first:
        issue.wave = FIRST
        drawn = _drawn(session, people, first, issue.recipients)
        used = _write_drawn(session, issue_id, drawn, size)
        person = next(iter(people.selected_columns))
        people = people.where(
            ~exists().where(Delivery.issue_id == issue_id, Delivery.subscriber_id == person)
        )
    _write_rest(session, issue_id, people, size, used)
    session.flush()
    return issue.recipients


def _drawn(session: Session, people: Select[int], wanted: int, of: int) -> list[int]:
    """Return so many of these people, drawn at random, ascending."""
    lots = wanted * LOTS + 100
    drawn = people
    if lots < of:
        if session.get_bind().dialect.name == "postgresql":
            number: Any = func.random() * PARTS
        else:
            number = func.abs(func.random() % PARTS)
        drawn = people.where(number < PARTS * lots / of)
    return sorted(session.scalars(drawn.order_by(func.random()).limit(wanted)))


def _write_drawn(session: Session, issue_id: int, people: list[int], size: int) -> int:
    """Write the batches and deliveries of the first wave, and return how many batches."""
    parts = (people[at : at + size] for at in range(0, len(people), size))
    batches = list(enumerate(parts, 1))
    session.execute(
        insert(Batch),
        [
            {
                "issue_id": issue_id,
                "batch_no": number,
                "lo": some[0],
                "hi": some[-1],
                "n": len(some),
                "wave": FIRST,
            }
            for number, some in batches
        ],
    )
    session.execute(
        insert(Delivery),
        [
            {"issue_id": issue_id, "subscriber_id": person, "batch_no": number}
            for number, some in batches
            for person in some
        ],
    )
    return len(batches)


def _write_rest(session: Session, issue_id: int, people: Select[int], size: int, used: int) -> None:
    """Write the batches, numbered after those used, and the deliveries of these people."""
    some = people.subquery()
    person = next(iter(some.c))
    numbered = select(
        person.label("person"), func.row_number().over(order_by=person).label("place")
    ).subquery()
    batch_no = (numbered.c.place - 1) // size + 1 + used
    session.execute(
        insert(Batch).from_select(
            ["issue_id", "batch_no", "lo", "hi", "n", "wave", "state"],
            select(
                literal(issue_id),
                batch_no,
                func.min(numbered.c.person),
                func.max(numbered.c.person),
                func.count(),
                literal(REST),
                literal(str(BatchState.PENDING)),
            ).group_by(batch_no),
        )
    )
    session.execute(
        insert(Delivery).from_select(
            ["issue_id", "subscriber_id", "batch_no"],
            select(literal(issue_id), numbered.c.person, batch_no).order_by(numbered.c.person),
        )
    )
