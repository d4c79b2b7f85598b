"""Reports recorded once each, many at a time (RULES WH-4, WH-6)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from newsletter.events.acting import New, act
from newsletter.events.letters import act_on_letters
from newsletter.events.proving import prove
from newsletter.events.rules import HEAVY, consequence
from newsletter.events.visits import Mark, Visits
from newsletter.issues import in_doubt, packed_people
from newsletter.links import Links
from newsletter.message import Event
from newsletter.models import Delivery, StoredEvent
from subscribers.models import Subscriber

EVENT: Table = StoredEvent.__table__  # type: ignore[assignment]
NOBODYS = (None, None)
COLUMNS = (
    "source",
    "source_id",
    "type",
    "issue_id",
    "subscriber_id",
    "at",
    "received_at",
    "detail",
    "link",
    "visitor",
    "cause",
)
# So many values fit into one statement on either database.
AT_ONCE = 5_000
DETAIL = COLUMNS.index("detail")
_NAME = itemgetter(COLUMNS.index("source_id"))
NO_VISIT = Mark(None, "", "")
# So many rows at once are inserted quickest on either database.
TOGETHER = 500
# A report that says it is from elsewhen is taken for one of now: retries last a day.
PAST, FUTURE = timedelta(days=14), timedelta(hours=1)


def record(session: Session, links: Links, events: Iterable[Event], *, now: datetime) -> int:
    """Record the reports that are new and do what follows from them; return how many were new.

    What names no delivery of ours is kept too, and nothing follows from it.
    """
    return sum(_page(session, links, page, now) for page in _pages(events))


def _pages(events: Iterable[Event]) -> Iterator[Sequence[Event]]:
    # Within a page each report stands once; the first of two that are named alike counts.
    page: dict[tuple[str, str], Event] = {}
    for event in events:
        page.setdefault(event[:2], event)
        if len(page) == AT_ONCE:
            yield list(page.values())
            page = {}
    if page:
        yield list(page.values())


def _page(session: Session, links: Links, events: Sequence[Event], now: datetime) -> int:
    # What has a consequence must not have it again; the others are told apart by the index.
    heavy = [event for event in events if event.type in HEAVY]
    known = _known(session, [event for event in heavy if consequence(event.type, event.cause)])
    fresh = [event for event in events if event[:2] not in known] if known else events
    if not fresh:
        return 0
    named = links.unseal_deliveries([event.token for event in fresh])
    there = _there(session, {one for one in named if one is not None})
    deliveries = [one if one in there else None for one in named]
    visits = Visits(session, links, fresh, deliveries)
    recorded = _insert(session, fresh, deliveries, visits.marks, now)
    visits.settle()
    doubtful = in_doubt(session, {issue for issue, _ in there})
    news = [
        New(event, *one)
        for event, one in zip(fresh, deliveries, strict=True)
        if one and (event.type in HEAVY or one[0] in doubtful)
    ]
    prove(session, [new for new in news if new.issue_id in doubtful], now=now)
    for new in news:
        act(session, new, now=now)
    if heavy:
        act_on_letters(session, zip(fresh, named, strict=True), now=now)
    return recorded


def _known(session: Session, events: Sequence[Event]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for source in {event.source for event in events}:
        names = [event.source_id for event in events if event.source == source]
        rows = session.scalars(
            select(StoredEvent.source_id).where(
                StoredEvent.source == source, StoredEvent.source_id.in_(names)
            )
        )
        found.update((source, name) for name in rows)
    return found


def _there(session: Session, named: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return which of these (issue, subscriber) are deliveries of ours."""
    there: set[tuple[int, int]] = set()
    for issue_id in {issue for issue, _ in named}:
        people = [person for issue, person in named if issue == issue_id]
        found = session.scalars(
            select(Delivery.subscriber_id).where(
                Delivery.issue_id == issue_id, Delivery.subscriber_id.in_(people)
            )
        )
        there.update((issue_id, person) for person in found)
        left = [person for person in people if (issue_id, person) not in there]
        if left:
            packed = packed_people(issue_id).where(Subscriber.id.in_(left))
            there.update((issue_id, person) for person in session.scalars(packed))
    return there


def _insert(
    session: Session,
    events: Sequence[Event],
    deliveries: Sequence[tuple[int, int] | None],
    marks: Mapping[int, Mark | None],
    now: datetime,
) -> int:
    """Insert what is not there yet and return how many that was.

    By the driver, many rows to a statement: what is done once for each statement (a number drawn,
    a plan begun) costs more than a row does.
    """
    connection = session.connection()
    dialect = connection.dialect
    bound = EVENT.c.at.type.dialect_impl(dialect).bind_processor(dialect) or _same
    # Most reports of a page are of the same few seconds.
    moment = lru_cache(maxsize=None)(bound)
    received, oldest, newest = moment(now), now - PAST, now + FUTURE
    rows = [
        (
            event.source,
            event.source_id,
            str(event.type),
            *(delivery or NOBODYS),
            moment(event.at) if oldest <= event.at <= newest else received,
            received,
            event.detail,
            None,
            str(event.visitor),
            str(event.cause),
        )
        for event, delivery in zip(events, deliveries, strict=True)
    ]
    if marks:
        rows = list(_marked(rows, marks))
    # An index grows quickest in its own order, and two who read at once never wait for each other.
    rows.sort(key=_NAME)
    is_sqlite = dialect.name == "sqlite"
    inserted = 0
    for at in range(0, len(rows), TOGETHER):
        those = rows[at : at + TOGETHER]
        given = tuple(chain.from_iterable(those))
        inserted += connection.exec_driver_sql(
            _statement(len(those), is_sqlite=is_sqlite), given
        ).rowcount
    return inserted


def _marked(
    rows: Sequence[tuple[Any, ...]], marks: Mapping[int, Mark | None]
) -> Iterator[tuple[Any, ...]]:
    """Yield what is kept: visits with what is known of them, none of who does not agree."""
    for place, row in enumerate(rows):
        mark = marks.get(place, NO_VISIT)
        if mark is NO_VISIT:
            yield row
        elif mark is not None:
            yield (*row[:DETAIL], mark.reason, mark.link, str(mark.visitor), row[-1])


@lru_cache(maxsize=4)
def _statement(rows: int, *, is_sqlite: bool) -> str:
    # What fails is undone with all of its transaction. Without saying so SQLite would keep a copy
    # of every page that a statement changes, in a file, to undo that statement alone.
    insert, place = ("INSERT OR FAIL", "?") if is_sqlite else ("INSERT", "%s")
    row = f"({', '.join([place] * len(COLUMNS))})"
    values = ", ".join([row] * rows)
    into = f"{insert} INTO {EVENT.name} ({', '.join(COLUMNS)})"
    return f"{into} VALUES {values} ON CONFLICT DO NOTHING"


def _same(moment: datetime) -> datetime:
    return moment
