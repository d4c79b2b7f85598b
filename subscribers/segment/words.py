"""Words compared: equal as written, the rest without regard to small and capital letters."""

from typing import Any

from sqlalchemy import ColumnElement

from subscribers.errors import SegmentRefused
from subscribers.segment.tree import Operator


def words(
    column: ColumnElement[Any], operator: Operator, value: str, text: str, at: int
) -> ColumnElement[bool]:
    """Compare a column of words; raises SegmentRefused for an order of words."""
    match operator:
        case Operator.EQUAL:
            return column == value
        case Operator.CONTAINS:
            return column.icontains(value, autoescape=True)
        case Operator.STARTS:
            return column.istartswith(value, autoescape=True)
        case Operator.ENDS:
            return column.iendswith(value, autoescape=True)
        case _:
            raise SegmentRefused(
                f"words have no order: {operator} is for numbers and days", text, at
            )
