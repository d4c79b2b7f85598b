"""Words of segments that know what people did with a list's issues: received, opened, clicked.

Who opened or clicked is known only of people who agreed to be counted by name, only where an issue
counted `individual`ly, and only while reports are kept one by one; otherwise the filter is refused
with the reason. Machines' opens and clicks are nobody's.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, exists, false, func, select
from sqlalchemy.orm import Session

from newsletter.message import EventType, Visitor
from newsletter.models import (
    ITS_BATCH,
    ITS_EXCEPTION,
    ITS_STATE,
    Batch,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
    IssueFigures,
    PackedDelivery,
    StoredEvent,
)
from newsletter.models.packed import is_packed
from subscribers import store
from subscribers.models import List, Subscriber, Subscription, TrackingMode
from subscribers.segment import Predicate, explain, parse
from subscribers.segment.tree import Value

NAMES = ("received", "counted", "opened", "clicked")
MOST = 50
# Which of an issue's modes says whether it is known.
_MODES = {EventType.OPENED: Issue.open_tracking, EventType.CLICKED: Issue.click_tracking}
_THINGS = {EventType.OPENED: "opens", EventType.CLICKED: "clicks"}


def narrowed(
    session: Session, list_: List, text: str, *, besides: int = 0
) -> ColumnElement[bool] | None:
    """Return the condition of a filter on a list's people, None for an empty one.

    `besides` is the number of an issue that is not looked at: the one to be sent. Raises
    SegmentRefused.
    """
    return store.segment_of(session, list_, text, predicates(session, list_, besides=besides))


def told(text: str) -> str:
    """Return a filter in plain words; raises SegmentRefused."""
    return explain(parse(text, NAMES))


def predicates(session: Session, list_: List, *, besides: int = 0) -> Mapping[str, Predicate]:
    """Return what the words mean on a list; each takes nothing, or `last 3`."""
    begun = (
        select(Issue)
        .where(Issue.list_id == list_.id, Issue.started_at.is_not(None), Issue.id != besides)
        .order_by(Issue.started_at.desc(), Issue.id.desc())
    )

    def received(arguments: Sequence[Value]) -> ColumnElement[bool]:
        most = _last(arguments)
        issues = session.scalars(begun.with_only_columns(Issue.id).limit(most)).all()
        if not issues:
            return false()
        return got(issues) >= (1 if most is None else len(issues))

    def did(kind: EventType, arguments: Sequence[Value]) -> ColumnElement[bool]:
        most = _last(arguments)
        mode = _MODES[kind]
        found = begun.with_only_columns(Issue.id, Issue.key, mode, IssueFigures.rolled_up_at)
        found = found.outerjoin(IssueFigures, IssueFigures.issue_id == Issue.id)
        if most is None:
            # Of all that can be known, whichever issues those are.
            known = found.where(
                mode == TrackingMode.INDIVIDUAL, IssueFigures.rolled_up_at.is_(None)
            )
            rows = session.execute(known.limit(MOST)).all()
            if not rows:
                raise ValueError(f"no issue of {list_.slug} counts {_THINGS[kind]} by name")
        else:
            rows = session.execute(found.limit(most)).all()
        for _, key, how, rolled_up in rows:
            if how != TrackingMode.INDIVIDUAL:
                raise ValueError(f"{key} counts {_THINGS[kind]} `{how}`: nobody's are known")
            if rolled_up is not None:
                raise ValueError(f"{key} began more than 90 days ago: nobody's are kept")
        return and_(_agreed(), _reported(kind, [row[0] for row in rows]))

    return {
        "received": received,
        "counted": _counted,
        "opened": lambda arguments: did(EventType.OPENED, arguments),
        "clicked": lambda arguments: did(EventType.CLICKED, arguments),
    }


def _last(arguments: Sequence[Value]) -> int | None:
    """Return how many issues are meant, None for all; raises ValueError."""
    match arguments:
        case []:
            return None
        case ["last", float(number)] if number.is_integer() and 1 <= number <= MOST:
            return int(number)
    raise ValueError(f"write nothing, or (last 3), up to {MOST}")


def _counted(arguments: Sequence[Value]) -> ColumnElement[bool]:
    if arguments:
        raise ValueError("it takes nothing")
    return _agreed()


def _agreed() -> ColumnElement[bool]:
    return Subscription.tracking_consent.is_(True)


def _reported(kind: EventType, issues: Sequence[int]) -> ColumnElement[bool]:
    return exists().where(
        StoredEvent.issue_id.in_(issues),
        StoredEvent.subscriber_id == Subscriber.id,
        StoredEvent.type == kind,
        StoredEvent.visitor != Visitor.MACHINE,
    )


def got(issues: Sequence[int]) -> ColumnElement[int]:
    """Return how many of these issues were submitted to a joined Subscriber."""
    packed = (
        select(func.count())
        .select_from(PackedDelivery)
        .where(PackedDelivery.issue_id.in_(issues), is_packed(Subscriber.id.expression))
        .correlate(Subscriber)
        .scalar_subquery()
    )
    rows = (
        select(func.count())
        .select_from(Delivery)
        .join(Batch, ITS_BATCH)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Delivery.issue_id.in_(issues),
            Delivery.subscriber_id == Subscriber.id,
            ITS_STATE == DeliveryState.SUBMITTED,
        )
        .correlate(Subscriber)
        .scalar_subquery()
    )
    return rows + packed
