"""The audience of an issue, frozen into batches and deliveries in one transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    SmallInteger,
    String,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from newsletter import engagement, issues
from newsletter.dispatcher.order import turn
from newsletter.issues.first_wave import FIRST, REST, size_of
from newsletter.models import Batch, BatchState, Delivery, Issue
from newsletter.pace import NO_LIMITS, Limits
from subscribers import store
from subscribers.models import List, Subscriber

# Drawn at random from so many times too many, so that not everybody has to be sorted.
LOTS = 3
PARTS = 1_000_000
# For one transaction: everybody, in the order in which they are mailed.
_FROZEN = Table(
    "frozen",
    MetaData(),
    Column("place", Integer, primary_key=True),
    Column("person", Integer, nullable=False),
    Column("coldness", SmallInteger, nullable=False),
    Column("lane", String, nullable=False),
    prefixes=["TEMPORARY"],
)
PLACE, PERSON = _FROZEN.c.place, _FROZEN.c.person


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
    connection = session.connection()
    _FROZEN.create(connection, checkfirst=False)
    people = store.audience(issue.list_id, narrowed)
    issue.recipients = _draw_up(session, people, limits, turn(issue, now))
    over = issue.recipients / issue.over if issue.over else None
    first = size_of(issue.first, issue.recipients, hears=hears)
    drawn = _drawn(session, first, issue.recipients) if first else []
    used = 0
    places = _places(session, limits, issue.recipients)
    sizes = {lane: limits.size(size, stepwise=stepwise, lane=lane, over=over) for lane in places}
    for lane, most in sizes.items():
        mine = [person for person, its in drawn if its == lane]
        used += _write_drawn(session, issue_id, mine, most, used, lane)
    if first:
        issue.wave = FIRST
        session.execute(delete(_FROZEN).where(PERSON.in_(_those_of(issue_id))))
    for lane, most in sizes.items():
        used += _write_rest(session, issue_id, places[lane], most, used, lane)
    _FROZEN.drop(connection, checkfirst=False)
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


def _draw_up(
    session: Session, people: Select[int], limits: Limits, coldness: ColumnElement[int]
) -> int:
    """Write everybody down in the order in which they are mailed, and return how many they are.

    By lane, the least cold first, and within one such group by number. Asked once:
    whom a List may mail is the dear part of it, and all that follows is of the same people.
    """
    lanes = [(Subscriber.email_key.endswith(f"@{name}"), name) for name in sorted(limits.domains)]
    lane: ColumnElement[str] = case(*lanes, else_="") if lanes else literal("")
    by_lane = [case((lane == "", 1), else_=0), lane] if lanes else []
    person, coldness = next(iter(people.selected_columns)), coldness.label("coldness")
    session.execute(
        insert(_FROZEN).from_select(
            ["person", "coldness", "lane"],
            people.add_columns(coldness, lane).order_by(*by_lane, coldness, person),
        )
    )
    return session.scalar(select(func.max(PLACE))) or 0


def _places(session: Session, limits: Limits, people: int) -> dict[str, tuple[int, int]]:
    """Return the first and the last place of each lane that has anybody, in their order."""
    if not limits.domains:
        return {"": (1, people)} if people else {}
    first = func.min(PLACE)
    rows = session.execute(
        select(_FROZEN.c.lane, first, func.max(PLACE)).group_by(_FROZEN.c.lane).order_by(first)
    )
    return {lane: (begun, ended) for lane, begun, ended in rows}


def lane_of(key: str, limits: Limits) -> str:
    """Return the domain of an address key when it has a rate of its own, else nothing."""
    domain = key.rpartition("@")[2]
    return domain if domain in limits.domains else ""


def _drawn(session: Session, wanted: int, of: int) -> list[tuple[int, str]]:
    """Return so many of those written down, drawn at random: number and lane, by number."""
    drawn = select(PERSON, _FROZEN.c.lane)
    lots = wanted * LOTS + 100
    if lots < of:
        if session.get_bind().dialect.name == "postgresql":
            number: Any = func.random() * PARTS
        else:
            number = func.abs(func.random() % PARTS)
        drawn = drawn.where(number < PARTS * lots / of)
    rows = session.execute(drawn.order_by(func.random()).limit(wanted)).all()
    return sorted((person, lane) for person, lane in rows)


def _those_of(issue_id: int) -> Select[int]:
    return select(Delivery.subscriber_id).where(Delivery.issue_id == issue_id)


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
    session: Session, issue_id: int, places: tuple[int, int], size: int, used: int, lane: str
) -> int:
    """Write the batches and deliveries of a lane, numbered after those used; return how many.

    A batch is so many places in the order: those drawn for the first wave are missing in it.
    """
    begun, ended = places
    of_lane = PLACE.between(begun, ended)
    batch_no = (PLACE - begun) // size + 1 + used
    # Rows in the order of their key take the least room; of one coldness they stand in it already.
    coldness = _FROZEN.c.coldness
    is_mixed = session.scalar(select(func.min(coldness) != func.max(coldness)).where(of_lane))
    by_number = PERSON if is_mixed else PLACE
    session.execute(
        insert(Batch).from_select(
            ["issue_id", "batch_no", "lo", "hi", "n", "wave", "lane", "state"],
            select(
                literal(issue_id),
                batch_no.label("batch_no"),
                func.min(PERSON),
                func.max(PERSON),
                func.count(),
                literal(REST),
                literal(lane),
                literal(str(BatchState.PENDING)),
            )
            .where(of_lane)
            .group_by("batch_no"),
        )
    )
    session.execute(
        insert(Delivery).from_select(
            ["issue_id", "subscriber_id", "batch_no"],
            select(literal(issue_id), PERSON, batch_no).where(of_lane).order_by(by_number),
        )
    )
    return int((ended - begun) // size + 1)
