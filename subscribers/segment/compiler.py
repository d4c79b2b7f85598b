"""A filter's tree becomes one condition for the database; every value is bound (RULES S-17)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, false, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from subscribers.address import piece_of
from subscribers.errors import SegmentRefused
from subscribers.models import Subscriber, SubscriberTag, Subscription
from subscribers.segment.attributes import Attribute
from subscribers.segment.tree import (
    Among,
    Called,
    Compared,
    Either,
    Every,
    Has,
    Negated,
    Node,
    Operator,
    Segment,
    Tagged,
    Value,
)
from subscribers.segment.words import words

Predicate = Callable[[Sequence[Value]], ColumnElement[bool]]
"""A condition on a joined Subscriber, made of the arguments; raises ValueError for odd ones."""

TEXTS: Mapping[str, InstrumentedAttribute[str] | InstrumentedAttribute[str | None]] = {
    "email": Subscriber.email_key,
    "name": Subscriber.name,
}
A_DAY = timedelta(days=1)
MOMENTS: Mapping[str, InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]] = {
    "added": Subscriber.created_at,
    "engaged": Subscriber.last_engaged_at,
    "joined": Subscription.joined_at,
}
FIELDS = frozenset((*TEXTS, *MOMENTS, "domain"))


class Compiler:
    """Compiles segments for one database; conditions stand beside a joined Subscription."""

    def __init__(
        self,
        dialect: str,
        *,
        predicates: Mapping[str, Predicate] | None = None,
        time_zone: str = "UTC",
    ) -> None:
        """Take the database's name, more predicates, and the zone in which a day is meant."""
        self._dialect = dialect
        self._predicates = predicates or {}
        self._zone = ZoneInfo(time_zone)

    def condition(self, segment: Segment) -> ColumnElement[bool]:
        """Return the condition; raises SegmentRefused for a comparison that makes no sense."""
        return self._node(segment.root, segment.text)

    def _node(self, node: Node, text: str) -> ColumnElement[bool]:
        match node:
            case Every(parts):
                return and_(*(self._node(part, text) for part in parts))
            case Either(parts):
                return or_(*(self._node(part, text) for part in parts))
            case Negated(part):
                return ~self._node(part, text)
            case Tagged(tag):
                return exists().where(
                    SubscriberTag.subscriber_id == Subscriber.id, SubscriberTag.tag == tag
                )
            case Has(field):
                return self._has(field)
            case Among(field, values, at):
                each = (Compared(field, Operator.EQUAL, value, at) for value in values)
                return or_(false(), *(self._compared(one, text) for one in each))
            case Compared():
                return self._compared(node, text)
            case Called():
                return self._called(node, text)

    def _has(self, field: str) -> ColumnElement[bool]:
        if field in MOMENTS:
            return MOMENTS[field].is_not(None)
        if field in FIELDS:
            return func.coalesce(TEXTS.get(field, Subscriber.email_key), "") != ""
        return Attribute(field, self._dialect).is_set()

    def _called(self, node: Called, text: str) -> ColumnElement[bool]:
        try:
            return self._predicates[node.name](node.arguments)
        except (KeyError, ValueError) as error:
            raise SegmentRefused(f"{node.name}: {error}", text, node.at) from error

    def _compared(self, node: Compared, text: str) -> ColumnElement[bool]:
        # A comparison with what is not set is false and not unknown: `not` then turns it around.
        if node.operator is Operator.UNEQUAL:
            equal = Compared(node.field, Operator.EQUAL, node.value, node.at)
            return ~self._compared(equal, text)
        if node.field in MOMENTS:
            return func.coalesce(self._moment(node, text), false())
        if node.field in FIELDS:
            return func.coalesce(self._text(node, text), false())
        return Attribute(node.field, self._dialect).compared(node, text)

    def _moment(self, node: Compared, text: str) -> ColumnElement[bool]:
        column = MOMENTS[node.field]
        if not isinstance(node.value, date):
            raise SegmentRefused(f"{node.field} is compared with a day: 2026-01-31", text, node.at)
        start, end = self._day(node.value)
        match node.operator:
            case Operator.EQUAL:
                return and_(column >= start, column < end)
            case Operator.LESS:
                return column < start
            case Operator.AT_MOST:
                return column < end
            case Operator.GREATER:
                return column >= end
            case Operator.AT_LEAST:
                return column >= start
            case _:
                raise SegmentRefused(f"{node.operator} is for words", text, node.at)

    def _day(self, day: date) -> tuple[datetime, datetime]:
        """Return where a day begins and where the next one does."""
        # In another zone, the first or the last of all days would begin or end beyond them.
        day = min(max(day, date.min + A_DAY), date.max - A_DAY)
        after = day + A_DAY
        start, end = (datetime.combine(one, time.min, self._zone) for one in (day, after))
        return start, end

    def _text(self, node: Compared, text: str) -> ColumnElement[bool]:
        if not isinstance(node.value, str):
            raise SegmentRefused(f'{node.field} is compared with words: "…"', text, node.at)
        if node.field == "domain":
            return _domain(node, text)
        column: ColumnElement[Any] = TEXTS[node.field].expression
        value = piece_of(node.value) if node.field == "email" else node.value
        return words(column, node.operator, value, text, node.at)


def _domain(node: Compared, text: str) -> ColumnElement[bool]:
    value = piece_of(f"@{str(node.value).lstrip('@')}")[1:]
    key = Subscriber.email_key
    match node.operator:
        case Operator.EQUAL:
            return key.iendswith(f"@{value}", autoescape=True)
        case Operator.ENDS:
            return key.iendswith(value, autoescape=True)
        case Operator.STARTS:
            return key.icontains(f"@{value}", autoescape=True)
        case _:
            raise SegmentRefused("domain takes =, !=, in, starts and ends", text, node.at)
