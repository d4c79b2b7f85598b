"""An issue's reports, counted by the database: one statement for each kind of figure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from newsletter.bounces import SOURCE as BY_MAIL
from newsletter.message import EventType, Visitor
from newsletter.models import (
    Issue,
    StoredEvent,
    Tally,
)
from newsletter.reports.domains import domain
from newsletter.reports.figures import (
    CLICKED,
    FATES,
    OPENED,
    OTHER,
    SEEN,
    SOME_LINK,
    Figures,
)
from subscribers.models import Subscriber

_ARRIVED = (
    EventType.OPENED,
    EventType.CLICKED,
    EventType.COMPLAINED,
    EventType.UNSUBSCRIBED,
)
_TOLD = (
    *_ARRIVED,
    EventType.DELIVERED,
    EventType.DEFERRED,
    EventType.BOUNCED,
    EventType.REJECTED,
)
_BEST = (Visitor.PERSON, Visitor.UNKNOWN, Visitor.MACHINE)
# Seconds, and hours.
HOUR, DAY = 3600, 24


def count(
    session: Session,
    issue: Issue,
    domains: Iterable[str],
    *,
    since: datetime | None = None,
    of: ColumnElement[bool] | None = None,
) -> Figures:
    """Count an issue's reports that are still kept one by one.

    `domains` are those told; `since`: only reports that came since; `of`: only these people's,
    without the counts that name nobody. What comes since shows once more that a mail arrived, and
    who reads it: of whom is no longer known, so neither adds a delivery or a reader.
    """
    mine = and_(
        StoredEvent.issue_id == issue.id,
        is_new(since) if since is not None else true(),
        of if of is not None else true(),
    )
    found = Figures()
    _fates(session, mine, frozenset(domains), found, is_late=since is not None)
    if since is None:
        _readers(session, mine, found)
    _hits(session, mine, issue, found)
    if of is None:
        _tallies(session, issue, found)
    return found


def is_new(since: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """Return the condition that a report is in no figures yet that were taken in at a moment.

    Of those that are, only bounces are still there. Whatever else is there came too late, though
    it may bear an earlier moment: that at which its post was taken.
    """
    return or_(StoredEvent.received_at >= since, StoredEvent.type != EventType.BOUNCED)


def _fates(
    session: Session,
    mine: ColumnElement[bool],
    domains: frozenset[str],
    found: Figures,
    *,
    is_late: bool,
) -> None:
    """Count each person once by the strongest report, and who complained or left beside it."""
    kind = cast(StoredEvent.type, String)
    # Mail servers report no deliveries: that one of them, or anybody, wrote of one mail makes
    # nobody else's silence a failure.
    arrived = and_(kind == EventType.DELIVERED, StoredEvent.source == BY_MAIL)
    word = case(
        (or_(kind.in_(_ARRIVED), arrived), SEEN),
        (kind.in_((EventType.BOUNCED, EventType.REJECTED)), kind + ":" + StoredEvent.cause),
        else_=kind,
    )
    rank = case({name: place for place, name in enumerate(FATES)}, value=word, else_=-1)
    each = (
        select(
            StoredEvent.subscriber_id,
            func.max(rank).label("rank"),
            func.min(StoredEvent.received_at).label("since"),
            *(
                func.max(case((kind == one, 1), else_=0)).label(one)
                for one in (EventType.COMPLAINED, EventType.UNSUBSCRIBED)
            ),
        )
        .where(mine)
        .group_by(StoredEvent.subscriber_id)
        .subquery()
    )
    # Who was erased is in the figures by what had come until then.
    late = true() if is_late else func.coalesce(Subscriber.erased_at < each.c.since, false())
    told = (each.c.rank, each.c.complained, each.c.unsubscribed)
    rows = session.execute(
        select(domain(session).label("domain_name"), late.label("late"), *told, func.count())
        .join_from(each, Subscriber, Subscriber.id == each.c.subscriber_id)
        .group_by("domain_name", "late", *told)
    )
    for name, was_late, place, complained, left, n in rows:
        where = name if name in domains else OTHER
        if place >= 0 and not (was_late and FATES[place] == SEEN):
            found.people[where, FATES[place]] += n
        found.people[where, EventType.COMPLAINED] += n * complained
        found.people[where, EventType.UNSUBSCRIBED] += n * left


def _readers(session: Session, mine: ColumnElement[bool], found: Figures) -> None:
    """Count each person who opened or clicked once, by the best that is known of who did it."""
    rank = case(
        {str(one): place for place, one in enumerate(_BEST)}, value=StoredEvent.visitor, else_=1
    )
    each = (
        select(StoredEvent.type, func.min(rank).label("rank"))
        .where(mine, StoredEvent.type.in_((OPENED, CLICKED)))
        .group_by(StoredEvent.type, StoredEvent.subscriber_id)
        .subquery()
    )
    rows = session.execute(
        select(each.c.type, each.c.rank, func.count()).group_by(each.c.type, each.c.rank)
    )
    for what, place, n in rows:
        found.readers[what, str(_BEST[place])] += n


def _hits(session: Session, mine: ColumnElement[bool], issue: Issue, found: Figures) -> None:
    link = case((StoredEvent.type == OPENED, 0), else_=func.coalesce(StoredEvent.link, SOME_LINK))
    rows = session.execute(
        select(link.label("link_no"), StoredEvent.visitor, StoredEvent.detail, func.count())
        .where(mine, StoredEvent.type.in_((OPENED, CLICKED)))
        .group_by("link_no", StoredEvent.visitor, StoredEvent.detail)
    )
    for number, visitor, reason, n in rows:
        found.hits[number, visitor, reason] += n
    moment = _hour(session, StoredEvent.at)
    by_hour = session.execute(
        select(moment.label("hour_no"), StoredEvent.type, StoredEvent.visitor, func.count())
        .where(mine, StoredEvent.type.in_(_TOLD))
        .group_by("hour_no", StoredEvent.type, StoredEvent.visitor)
    )
    for hour, what, visitor, n in by_hour:
        found.hours[_since(issue, hour), what, visitor] += n


def _tallies(session: Session, issue: Issue, found: Figures) -> None:
    for row in session.scalars(select(Tally).where(Tally.issue_id == issue.id)):
        found.hits[row.link, row.visitor, row.reason] += row.n
        what = CLICKED if row.link else OPENED
        found.hours[_since(issue, int(row.hour.timestamp()) // HOUR), what, row.visitor] += row.n


def _since(issue: Issue, hour: int) -> int:
    """Return how many hours of the clock lie between an issue's first and this one.

    From two days on only whole days.
    """
    began = int((issue.started_at or datetime.fromtimestamp(0, UTC)).timestamp()) // HOUR
    hours = max(hour - began, 0)
    return hours if hours < 2 * DAY else hours // DAY * DAY


def _hour(session: Session, moment: Any) -> ColumnElement[int]:
    """Return the hours since 1970 of a moment."""
    if session.get_bind().dialect.name == "postgresql":
        seconds: ColumnElement[Any] = func.floor(func.extract("epoch", moment) / HOUR)
    else:
        seconds = cast(func.strftime("%s", moment), Integer) / HOUR
    return cast(seconds, Integer)
