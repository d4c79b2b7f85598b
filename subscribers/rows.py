"""Many rows handed to a statement as one parameter, and read as a table there.

Neither database limits its length, and it costs a third of what a parameter for each value does.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Integer,
    String,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from subscribers.database import Instant

TEXT, NUMBER, MOMENT = String(), Integer(), Instant()
Column = tuple[TypeEngine[Any], Sequence[Any]]


def as_table(session: Session, columns: Mapping[str, Column]) -> FromClause:
    """Return columns of the same length as a table; its rows come in their order.

    A column is its type and its values. A `range` of step 1 costs nothing: its numbers follow from
    the rows' places.
    """
    written = {name: one for name, one in columns.items() if not isinstance(one[1], range)}
    if not written:
        written = {"": (NUMBER, [0] * len(next(iter(columns.values()))[1]))}
    if session.get_bind().dialect.name == "postgresql":
        place, cells = _on_postgresql(written)
    else:
        place, cells = _on_sqlite(written)
    for name, (_, values) in columns.items():
        if isinstance(values, range):
            cells[name] = literal(values.start, NUMBER) + place
    return select(*(cells[name].label(name) for name in columns)).subquery()


def _on_sqlite(
    columns: Mapping[str, Column],
) -> tuple[ColumnElement[int], dict[str, ColumnElement[Any]]]:
    packed = literal(_packed(columns, zone=False), TEXT)
    parsed = func.json_each(packed).table_valued("key", "value")
    if len(columns) > 1:
        return parsed.c.key, {
            name: func.json_extract(parsed.c.value, f"$[{at}]", type_=kind)
            for at, (name, (kind, _)) in enumerate(columns.items())
        }
    [(name, (kind, _))] = columns.items()
    value = parsed.c.value
    # A moment may go on behind its microseconds.
    cell = func.substr(value, 1, 26, type_=TEXT) if isinstance(kind, Instant) else value
    return parsed.c.key, {name: cell}


def _on_postgresql(
    columns: Mapping[str, Column],
) -> tuple[ColumnElement[int], dict[str, ColumnElement[Any]]]:
    packed = cast(literal(_packed(columns, zone=True), TEXT), JSON())
    if len(columns) == 1:
        parsed = func.json_array_elements_text(packed).table_valued(
            "value", with_ordinality="place"
        )
        return parsed.c.place - 1, {
            name: cast(parsed.c.value, kind) for name, (kind, _) in columns.items()
        }
    parsed = func.json_array_elements(packed).table_valued("value", with_ordinality="place")
    return parsed.c.place - 1, {
        name: cast(func.json_array_element_text(parsed.c.value, at), kind)
        for at, (name, (kind, _)) in enumerate(columns.items())
    }


def _packed(columns: Mapping[str, Column], *, zone: bool) -> str:
    if len(columns) > 1:
        plain = [_plain(kind, values, zone=zone) for kind, values in columns.values()]
        return orjson.dumps([*zip(*plain, strict=True)]).decode()
    [(kind, values)] = columns.values()
    if isinstance(kind, Instant):
        return _moments(values, zone=zone).decode()
    return orjson.dumps(values).decode()


def _plain(kind: TypeEngine[Any], values: Sequence[Any], *, zone: bool) -> Sequence[Any]:
    if not isinstance(kind, Instant):
        return values
    read: list[str | None] = orjson.loads(_moments(values, zone=zone))
    return read if zone else [one and one[:26] for one in read]


def _moments(values: Sequence[datetime | None], *, zone: bool) -> bytes:
    """Return moments as JSON; without their zone as `Instant` keeps them, with a rest to be cut.

    SQLite compares them as text and knows no zone.
    """
    if {one.tzinfo for one in values if one} - {UTC}:
        values = [one and _in_utc(one) for one in values]
    written = orjson.dumps(values)
    if zone:
        return written
    # orjson leaves microseconds out when there are none: there is nothing to be cut then.
    return written.replace(b"T", b" ").replace(b"+00:00", b".000000")


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC)
