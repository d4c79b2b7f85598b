"""Opens and clicks that the provider counted, where an issue leaves that to it.

Kept by name as ours are, of those who agree to it at this moment, with the number of the link and
who it seems to have been; of anybody else, and of any other issue, nothing is kept (RULES L-1). What several show together
is told from all that is kept, so that the order in which reports come is of no consequence.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from newsletter.events.pressed import Pressed
from newsletter.issues import agreed, provider_counts
from newsletter.links import Links
from newsletter.message import Event, EventType, Visit, Visitor
from newsletter.models import Issue, StoredEvent
from newsletter.visitors import EARLY_MS, KEPT_MS, PIXEL, TOGETHER, Seen, agents, judge, shown
from subscribers import store
from subscribers.models import CountedBy, TrackingMode

VISITS = (EventType.OPENED, EventType.CLICKED)
EARLY = "early"
SCANNERS = agents.Networks(agents.SCANNERS)
CLICK_SCANNERS = agents.Networks(agents.CLICK_SCANNERS)
EVENT: Table = StoredEvent.__table__  # type: ignore[assignment]
VERDICT = (
    update(EVENT)
    .where(EVENT.c.id == bindparam("row"))
    .values(visitor=bindparam("visitor"), detail=bindparam("detail"))
)
# The number of a link that is not known, beside those that are.
SOME_LINK = -1
Delivery = tuple[int, int]


class Mark(NamedTuple):
    """What is kept of a visit beside the report: the link (None: not known which), and by whom."""

    link: int | None
    visitor: str
    reason: str


class Visits:
    """The visits of one page of reports, of issues that leave counting to their provider."""

    def __init__(
        self,
        session: Session,
        links: Links,
        events: Sequence[Event],
        deliveries: Sequence[Delivery | None],
    ) -> None:
        self._session = session
        named = [
            (place, event, event.visit, delivery)
            for place, (event, delivery) in enumerate(zip(events, deliveries, strict=True))
            if event.visit is not None and delivery is not None
        ]
        self._issues = self._left_to_provider({issue for *_, (issue, _) in named})
        # What a provider counts of an issue that is not left to it, nobody was asked for.
        unasked = dict.fromkeys(
            place for place, *_, (issue, _) in named if issue not in self._issues
        )
        named = [one for one in named if one[3][0] in self._issues]
        self._pressed = {key: Pressed(issue, links) for key, issue in self._issues.items()}
        self._left = agreed(session, {delivery for *_, delivery in named}) if named else {}
        marked = {
            place: self._mark(event, visit, delivery) for place, event, visit, delivery in named
        }
        self.marks: Mapping[int, Mark | None] = unasked | marked
        self._people = {delivery for place, *_, delivery in named if self.marks[place] is not None}
        self._source = events[named[0][0]].source if named else ""

    def _left_to_provider(self, wanted: set[int]) -> dict[int, Issue]:
        if not wanted:
            return {}
        theirs = Issue.id.in_(wanted), Issue.counted_by == CountedBy.PROVIDER
        found = self._session.scalars(select(Issue).where(*theirs))
        return {issue.id: issue for issue in found if provider_counts(issue)}

    def _mark(self, event: Event, visit: Visit, delivery: Delivery) -> Mark | None:
        issue, left = self._issues[delivery[0]], self._left.get(delivery)
        is_open = event.type is EventType.OPENED
        mode = issue.open_tracking if is_open else issue.click_tracking
        if left is None or mode != TrackingMode.INDIVIDUAL:
            return None
        link = PIXEL if is_open else self._pressed[issue.id].number(visit)
        # Reports are of whole seconds.
        since = _ms(event.at) - _ms(left.replace(microsecond=0))
        if 0 <= since < EARLY_MS:
            return Mark(link, Visitor.MACHINE, EARLY)
        return Mark(link, *_judged(event, visit, is_open=is_open))

    def settle(self) -> None:
        """Look at what is kept of each person together, once the page is written."""
        signs: dict[int, datetime] = {}
        verdicts: list[dict[str, Any]] = []
        for (issue_id, person), rows in self._kept():
            for row, visitor, reason in _together(rows, len(self._pressed[issue_id])):
                if (visitor, reason) != (row.visitor, row.detail):
                    verdicts.append({"row": row.id, "visitor": visitor, "detail": reason})
                if row.type == EventType.CLICKED and visitor != Visitor.MACHINE:
                    signs[person] = max(row.at, signs.get(person, row.at))
        if verdicts:
            # In one order, so that two who read at once never wait for each other.
            verdicts.sort(key=itemgetter("row"))
            self._session.connection().execute(VERDICT, verdicts)
        store.engaged(self._session, signs)

    def _kept(self) -> Iterator[tuple[Delivery, list[Any]]]:
        for issue_id in {issue for issue, _ in self._people}:
            people = [person for issue, person in self._people if issue == issue_id]
            found: dict[int, list[Any]] = {}
            for row in self._session.execute(
                select(
                    StoredEvent.id,
                    StoredEvent.subscriber_id,
                    StoredEvent.type,
                    StoredEvent.link,
                    StoredEvent.at,
                    StoredEvent.visitor,
                    StoredEvent.detail,
                ).where(
                    StoredEvent.issue_id == issue_id,
                    StoredEvent.subscriber_id.in_(people),
                    StoredEvent.source == self._source,
                    StoredEvent.type.in_(VISITS),
                )
            ):
                found.setdefault(row.subscriber_id or 0, []).append(row)
            for person, rows in found.items():
                yield (issue_id, person), rows


def _judged(event: Event, visit: Visit, *, is_open: bool) -> tuple[str, str]:
    """Return what one report shows of who it was: the provider's own word first."""
    if event.visitor == Visitor.MACHINE:
        return Visitor.MACHINE, "proxy"
    if not visit.agent:
        # Not said is not empty.
        return Visitor.UNKNOWN, "unsure"
    address = agents.parsed(visit.address)
    return judge(
        Seen(
            is_open,
            "GET",
            visit.agent,
            scanner=address is not None and address in SCANNERS,
            click_scanner=address is not None and address in CLICK_SCANNERS,
        )
    )


def _together(rows: Sequence[Any], links: int) -> Iterator[tuple[Any, str, str]]:
    """Yield each of a person's visits with who it was, by all of them within a minute of it."""
    seen = [(_ms(row.at), SOME_LINK if row.link is None else row.link, row) for row in rows]
    for at, _, row in seen:
        if row.visitor == Visitor.MACHINE and row.detail not in TOGETHER:
            yield row, row.visitor, row.detail
            continue
        near = [one for one in seen if abs(one[0] - at) < KEPT_MS]
        word = shown(
            [(when, link) for when, link, _ in near],
            links,
            has_machine=any(_is_machines(other) for *_, other in near),
        )
        yield (row, Visitor.MACHINE, word) if word else (row, row.visitor, row.detail)


def _is_machines(row: Any) -> bool:
    """Say whether a click was a machine's by itself: not for what stood beside it, or its time."""
    is_known = row.visitor == Visitor.MACHINE and row.detail not in TOGETHER | {EARLY}
    return is_known and row.type == EventType.CLICKED


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
