"""The audience of an issue, frozen into batches and deliveries in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, insert, literal, select
from sqlalchemy.orm import Session

from newsletter import engagement, issues
from newsletter.issues.first_wave import FIRST, REST, size_of
from newsletter.models import Batch, BatchState, Delivery, Issue
from newsletter.pace import NO_LIMITS, Limits
from subscribers import store
from subscribers.models import List, Subscriber

# Drawn at random from so many times too many, so that not everybody has to be sorted.
LOTS = 3
PARTS = 1_000_000
# Who showed a sign of life in so many days goes before who did not; within one such group by
# number, so that the ids of a batch lie close together.
ENGAGED = (30, 90, 365)


def freeze(
    session: Session,
    issue_id: int,
    *,
    size: int,
    limits: Limits = NO_LIMITS,
    stepwise: bool = False,
    hears: bool = False,
    who: str,
    now: datetime,
) -> int:
    """Start a scheduled issue: everybody who may be mailed now, and is in its segment, gets one delivery.

    Returns how many.
    The first wave, drawn at random, is in the first batches; `hears` as in `first_wave.size_of`.
    A batch holds at most `size` recipients, and no more than `limits` let go at once. Raises
    IssueError when the issue was started or stopped meanwhile. The session must be fresh.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Batches and deliveries are written from the same snapshot: who joins between the two
        # statements would be in a delivery and in no batch.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    issue = session.get_one(Issue, issue_id)
    issues.start(session, issue, who=who, now=now)
    list_ = session.get_one(List, issue.list_id)
    narrowed = _whom(session, list_, issue)
    people = store.audience(issue.list_id, narrowed)
    issue.recipients = store.count_audience(session, issue.list_id, narrowed)
    over = issue.recipients / issue.over if issue.over else None
    first = size_of(issue.first, issue.recipients, hears=hears)
    drawn = _drawn(session, people, first, issue.recipients) if first else []
    used = 0
    for lane, _ in _lanes(limits):
        most = limits.size(size, stepwise=stepwise, lane=lane, over=over)
        mine = [person for person, key in drawn if lane_of(key, limits) == lane]
        used += _write_drawn(session, issue_id, mine, most, used, lane)
    if first:
        issue.wave = FIRST
        person = next(iter(people.selected_columns))
        people = people.where(
            ~exists().where(Delivery.issue_id == issue_id, Delivery.subscriber_id == person)
        )
    for lane, at_lane in _lanes(limits):
        most = limits.size(size, stepwise=stepwise, lane=lane, over=over)
        used += _write_rest(session, issue_id, people.where(at_lane), most, used, lane, now)
    session.flush()
    return issue.recipients


def _whom(session: Session, list_: List, issue: Issue) -> ColumnElement[bool] | None:
    """Return what narrows a List to an issue's people now, None for all of them."""
    narrowed = engagement.narrowed(session, list_, issue.segment, besides=issue.id)
    if issue.corrects is None:
        return narrowed
    first = session.get_one(Issue, issue.corrects)
    # Refused as an issue that was stopped is: it waits for the next round.
    issues.require_still(session, first)
    got = issues.reached(first)
    return got if narrowed is None else and_(narrowed, got)


def _lanes(limits: Limits) -> list[tuple[str, ColumnElement[bool]]]:
    """Return each domain with a rate of its own and who is there, and last everybody else."""
    there = {name: Subscriber.email_key.endswith(f"@{name}") for name in sorted(limits.domains)}
    return [*there.items(), ("", and_(True, *(~one for one in there.values())))]


def lane_of(key: str, limits: Limits) -> str:
    """Return the domain of an address key when it has a rate of its own, else nothing."""
    domain = key.rpartition("@")[2]
    return domain if domain in limits.domains else ""


def _drawn(
    session: Session, people: Select[int], wanted: int, of: int
) -> Sequence[tuple[int, str]]:
    """Return so many of these people, drawn at random: number and address key, by number."""
    drawn = people.add_columns(Subscriber.email_key)
    lots = wanted * LOTS + 100
    if lots < of:
        if session.get_bind().dialect.name == "postgresql":
            number: Any = func.random() * PARTS
        else:
            number = func.abs(func.random() % PARTS)
        drawn = drawn.where(number < PARTS * lots / of)
    rows = session.execute(drawn.order_by(func.random()).limit(wanted)).all()
    return sorted((person, key or "") for person, key in rows)


def _write_drawn(
    session: Session, issue_id: int, people: list[int], size: int, used: int, lane: str
) -> int:
    """Write the batches and deliveries of the first wave, and return how many batches."""
    parts = [people[at : at + size] for at in range(0, len(people), size)]
    batches = list(enumerate(parts, used + 1))
    if batches:
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
                    "lane": lane,
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


def _write_rest(
    session: Session,
    issue_id: int,
    people: Select[int],
    size: int,
    used: int,
    lane: str,
    now: datetime,
) -> int:
    """Write the batches and deliveries of these people, and return how many batches.

    Batches are numbered after those used, and the most recently engaged are in the first.
    """
    some = people.add_columns(_coldness(now).label("coldness")).subquery()
    person, coldness = some.c
    numbered = select(
        person.label("person"), func.row_number().over(order_by=(coldness, person)).label("place")
    ).subquery()
    batch_no = (numbered.c.place - 1) // size + 1 + used
    written = session.scalars(
        insert(Batch)
        .from_select(
            ["issue_id", "batch_no", "lo", "hi", "n", "wave", "lane", "state"],
            select(
                literal(issue_id),
                batch_no,
                func.min(numbered.c.person),
                func.max(numbered.c.person),
                func.count(),
                literal(REST),
                literal(lane),
                literal(str(BatchState.PENDING)),
            ).group_by(batch_no),
        )
        .returning(Batch.batch_no)
    ).all()
    session.execute(
        insert(Delivery).from_select(
            ["issue_id", "subscriber_id", "batch_no"],
            select(literal(issue_id), numbered.c.person, batch_no).order_by(numbered.c.person),
        )
    )
    return len(written)


def _coldness(now: datetime) -> ColumnElement[int]:
    """How long ago somebody showed a sign of life: 0 for the last month, 3 for over a year."""
    marks = [
        (Subscriber.last_engaged_at >= now - timedelta(days=days), place)
        for place, days in enumerate(ENGAGED)
    ]
    return case(*marks, else_=len(ENGAGED))
