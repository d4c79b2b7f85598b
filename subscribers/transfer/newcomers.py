"""People whom nobody knew become subscribers, thousands by one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import JSON, ColumnElement, FromClause, func, literal, null, select, text, update
from sqlalchemy.orm import Session

from subscribers.models import KEY, Subscriber
from subscribers.rows import MOMENT, NUMBER, TEXT, Column, as_pairs, as_table, insert_from
from subscribers.transfer.batch import Batch
from subscribers.transfer.standing import UNKNOWN


def take_in(session: Session, people: Batch, now: datetime) -> Sequence[int]:
    """Make subscribers of people; their ids come in their order, UNKNOWN for who is known already."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    is_brief = on_sqlite and not any(people.extras)
    rows = (_brief if is_brief else _whole)(session, people).c
    values: dict[str, ColumnElement[Any]] = {
        "email": func.coalesce(rows.email, rows.key) if "email" in rows else rows.key,
        "email_key": rows.key,
        "name": rows.name if "name" in rows else literal(""),
        "attributes": rows.attributes if "attributes" in rows else literal({}, JSON()),
        "created_at": literal(now, MOMENT),
        "last_engaged_at": rows.engaged if "engaged" in rows else null(),
    }
    statement = insert_from(session, Subscriber, values)
    statement = statement.on_conflict_do_nothing(index_elements=["email_key"])
    if not on_sqlite:
        made = statement.returning(Subscriber.email_key, Subscriber.id)
        found = {key: number for key, number in session.execute(made)}
        return [found.get(key, UNKNOWN) for key in people.keys]
    first = _next_id(session)
    session.execute(statement)
    ids = _given(session, people.keys, first)
    if is_brief:
        _spell(session, people, ids)
    return ids


def _whole(session: Session, people: Batch) -> FromClause:
    """Return all that a row of the table holds of each."""
    columns: dict[str, Column] = {"key": (KEY, people.keys)}
    if any(people.addresses):
        columns["email"] = (TEXT, people.addresses)
    if any(people.names):
        columns["name"] = (TEXT, people.names)
    if any(people.extras):
        attributes = [_json(one.attributes if one else None) for one in people.extras]
        columns["attributes"] = (JSON(), attributes)
        columns["engaged"] = (MOMENT, [one and one.engaged_at for one in people.extras])
    return as_table(session, columns)


def _brief(session: Session, people: Batch) -> FromClause:
    """Return what nearly everybody is: a key, which is the address as well, and a name."""
    if any(people.names):
        return as_pairs("key", "name", zip(people.keys, people.names, strict=True))
    return as_table(session, {"key": (KEY, people.keys)})


def _given(session: Session, keys: Sequence[str], first: int) -> Sequence[int]:
    """Return the numbers that were given to these keys, from `first` on where nobody was known.

    Nobody else writes meanwhile on SQLite, and no number is given twice.
    """
    if session.scalar(select(func.changes())) == len(keys):
        return range(first, first + len(keys))
    # As one value: row by row the thread that reads ahead takes its turn after each.
    new = select(func.json_group_object(Subscriber.email_key, Subscriber.id))
    given = orjson.loads(session.scalar(new.where(Subscriber.id >= first)) or "{}")
    return [given.get(key, UNKNOWN) for key in keys]


def _spell(session: Session, people: Batch, ids: Sequence[int]) -> None:
    """Keep the addresses that are written otherwise than their keys, of who got a number."""
    spelled = [
        (number, address)
        for number, address in zip(ids, people.addresses, strict=True)
        if address is not None
    ]
    if not spelled:
        return
    numbers, addresses = zip(*spelled, strict=True)
    rows = as_table(session, {"id": (NUMBER, numbers), "email": (TEXT, addresses)}).c
    session.execute(
        update(Subscriber)
        .where(Subscriber.id == rows.id)
        .values(email=rows.email)
        .execution_options(synchronize_session=False)
    )


def _next_id(session: Session) -> int:
    """Return the number that SQLite would give to the next subscriber."""
    given = text("SELECT seq FROM sqlite_sequence WHERE name = 'subscriber'")
    return int(session.scalar(given) or 0) + 1


def _json(value: Any) -> str:
    return orjson.dumps(value or {}).decode()
