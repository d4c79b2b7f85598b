"""Many rows handed to a statement as one parameter, and read as a table there.

Neither database limits its length, and it costs a third of what a parameter for each value does.
"""

from collections.abc import Iterable, Mapping, Sequence
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
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from subscribers.database import Instant, insert_into

TEXT, NUMBER, MOMENT = String(), Integer(), Instant()
Column = tuple[TypeEngine[Any], Sequence[Any]]
# SQLite cannot tell ON CONFLICT from the ON of a join without a WHERE before it.
EVERY = literal_column("1") == literal_column("1")
# As `Instant` keeps a moment on SQLite: to the microsecond, without a zone.
LENGTH = len("2026-01-01 00:00:00.000000")


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


def as_pairs(first: str, second: str, pairs: Iterable[tuple[str, str]]) -> FromClause:
    """Return two columns of texts as a table of SQLite's, in their order; the first ones differ.

    Quicker than `as_table`, as it calls no function for a row: see `insert_from`.
    """
    packed = literal(orjson.dumps(dict(pairs)).decode(), TEXT)
    parsed = func.json_each(packed).table_valued("key", "value").c
    return select(parsed.key.label(first), parsed.value.label(second)).subquery()


def insert_from(
    session: Session, table: Any, values: Mapping[str, ColumnElement[Any]]
) -> postgresql.Insert | sqlite.Insert:
    """Begin an INSERT of a row for each of a table's, with these values.

    What fails is undone with all of its transaction. Without saying so SQLite would keep a copy of
    every page that a statement changes, in a file, to undo that statement alone; it does so all the
    same where the statement calls a function for a row.
    """
    into = insert_into(session, table).prefix_with("OR FAIL", dialect="sqlite")
    return into.from_select(list(values), select(*values.values()).where(EVERY))


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
    [name] = columns
    return parsed.c.key, {name: parsed.c.value}


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
    read: Sequence[Any] = orjson.loads(_moments(values, zone=zone))
    return read


def _moments(values: Sequence[datetime | None], *, zone: bool) -> bytes:
    """Return moments as JSON; without their zone as `Instant` keeps them.

    SQLite compares them as text and knows no zone.
    """
    if {one.tzinfo for one in values if one} - {UTC}:
        values = [one and _in_utc(one) for one in values]
    written = orjson.dumps(values)
    if zone:
        return written
    # orjson leaves microseconds out when there are none.
    exact = written.replace(b"T", b" ").replace(b"+00:00", b".000000")
    if b"." not in written:
        return exact
    return orjson.dumps([one and one[:LENGTH] for one in orjson.loads(exact)])


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC)
