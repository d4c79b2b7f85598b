"""An attribute of a person in a condition: compared only with values of its own type."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, ColumnElement, Float, String, case, cast, false, func, literal
from sqlalchemy import null as sql_null

from subscribers.errors import SegmentRefused
from subscribers.models import Subscriber
from subscribers.segment.tree import Compared, Operator
from subscribers.segment.words import words

# How each database names the types of JSON: words, numbers, yes or no.
TYPES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "postgresql": {"word": ("string",), "number": ("number",), "truth": ("boolean",)},
    "sqlite": {"word": ("text",), "number": ("integer", "real"), "truth": ("true", "false")},
}


class Attribute:
    """One attribute by its name, in the words of one database."""

    def __init__(self, name: str, dialect: str) -> None:
        """Take the attribute's name; it is bound and never part of the statement."""
        self._name = name
        self._types = TYPES[dialect]
        self._is_postgres = dialect == "postgresql"

    def is_set(self) -> ColumnElement[bool]:
        """Return whether a person has it at all."""
        return func.coalesce(self._type(), "null") != "null"

    def compared(self, node: Compared, text: str) -> ColumnElement[bool]:
        """Return the comparison; a value of another type, or none, is not equal to anything."""
        value = node.value
        if isinstance(value, bool):
            return func.coalesce(self._truth(node, text, wanted=value), false())
        if isinstance(value, float):
            number = cast(self._of("number"), Float)
            return func.coalesce(_ordered(number, node.operator, value, text, node.at), false())
        column: ColumnElement[Any] = cast(self._of("word"), String)
        if isinstance(value, date):
            # A day is kept as 2026-01-31, a moment as that and more: both order as they read.
            day = func.substr(column, 1, 10)
            return func.coalesce(
                _ordered(day, node.operator, value.isoformat(), text, node.at), false()
            )
        return func.coalesce(words(column, node.operator, value, text, node.at), false())

    def _truth(self, node: Compared, text: str, *, wanted: bool) -> ColumnElement[bool]:
        if node.operator is not Operator.EQUAL:
            raise SegmentRefused("yes or no is compared with = or !=", text, node.at)
        if self._is_postgres:
            return cast(self._of("truth"), Boolean) == wanted
        return self._type() == ("true" if wanted else "false")

    def _of(self, kind: str) -> ColumnElement[Any]:
        """Return the value where it is of this type, and nothing elsewhere."""
        value: ColumnElement[Any]
        if self._is_postgres:
            value = Subscriber.attributes.op("->>", return_type=String())(literal(self._name))
        else:
            value = func.json_extract(Subscriber.attributes, self._path)
        is_of_type = self._type().in_(self._types[kind])
        return case((is_of_type, value), else_=sql_null())

    def _type(self) -> ColumnElement[Any]:
        if self._is_postgres:
            found = Subscriber.attributes.op("->", return_type=JSON())(literal(self._name))
            return func.json_typeof(found, type_=String())
        return func.json_type(Subscriber.attributes, self._path, type_=String())

    @property
    def _path(self) -> str:
        return f'$."{self._name}"'


def _ordered(
    column: ColumnElement[Any], operator: Operator, value: float | str, text: str, at: int
) -> ColumnElement[bool]:
    match operator:
        case Operator.EQUAL:
            return column == value
        case Operator.LESS:
            return column < value
        case Operator.AT_MOST:
            return column <= value
        case Operator.GREATER:
            return column > value
        case Operator.AT_LEAST:
            return column >= value
        case _:
            raise SegmentRefused(f"{operator} is for words", text, at)
