"""Write a list's people as CSV or JSON lines, page by page; both hold all that an import takes."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

import orjson
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from subscribers.models import Subscriber, SubscriberTag, Subscription, Suppression
from subscribers.rows import NUMBER, as_table
from subscribers.suppressions import covers
from subscribers.transfer.formulas import defused
from subscribers.transfer.marks import OF_ONE, write_attribute, write_tags

COLUMNS = ("email", "name", "state", "suppressed", "joined_at", "last_engaged_at", "tags")
# With more attributes than this among all people, one column holds them as JSON.
MOST_COLUMNS = 100
ALL = "attributes"
PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody of a list, as an export tells of them; `suppressed` is the reason, or empty."""

    email: str
    name: str
    state: str
    suppressed: str
    joined_at: datetime | None
    last_engaged_at: datetime | None
    tags: Sequence[str]
    attributes: dict[str, Any]


def export_csv(
    session: Session,
    list_id: int,
    file: TextIO,
    condition: ColumnElement[bool] | None = None,
    *,
    raw: bool = False,
) -> int:
    """Write a list as CSV and return the number of people; formulas are defused unless `raw`.

    `condition` narrows them; everybody of the list is meant, whatever the subscription's state.
    Each attribute has a column of its own, `attr.city`.
    """
    names = _attributes(session, list_id)
    columns = [f"{OF_ONE}{name}" for name in names] if len(names) <= MOST_COLUMNS else [ALL]
    writer = csv.writer(file)
    writer.writerow([*COLUMNS, *columns])
    count = 0
    for one in _people(session, list_id, condition):
        cells = [
            one.email,
            one.name,
            one.state,
            one.suppressed,
            _written(one.joined_at) or "",
            _written(one.last_engaged_at) or "",
            write_tags(one.tags),
        ]
        if columns == [ALL]:
            cells.append(orjson.dumps(one.attributes).decode())
        else:
            kept = one.attributes
            cells += [write_attribute(kept[name]) if name in kept else "" for name in names]
        writer.writerow(cells if raw else [defused(cell) for cell in cells])
        count += 1
    return count


def export_json_lines(
    session: Session, list_id: int, file: TextIO, condition: ColumnElement[bool] | None = None
) -> int:
    """Write a list as one JSON object a line and return the number of people."""
    count = 0
    for one in _people(session, list_id, condition):
        told = {
            "email": one.email,
            "name": one.name,
            "state": one.state,
            "suppressed": one.suppressed or None,
            "joined_at": _written(one.joined_at),
            "last_engaged_at": _written(one.last_engaged_at),
            "tags": one.tags,
            "attributes": one.attributes,
        }
        file.write(orjson.dumps(told).decode() + "\n")
        count += 1
    return count


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _attributes(session: Session, list_id: int) -> Sequence[str]:
    """Return the names of attributes that people of a list have, one more than go into columns."""
    each = func.json_each(Subscriber.attributes).table_valued("key")
    name = each.c.key
    return session.scalars(
        select(name)
        .select_from(Subscriber)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .join(each, true())
        .where(Subscription.list_id == list_id, Subscriber.email.is_not(None))
        .distinct()
        .order_by(name)
        .limit(MOST_COLUMNS + 1)
    ).all()


def _people(
    session: Session, list_id: int, condition: ColumnElement[bool] | None
) -> Iterator[Listed]:
    last = 0
    suppressed = (
        select(Suppression.reason)
        .where(covers(Subscriber.email_key.expression))
        .order_by(func.length(Suppression.email_key).desc())
        .limit(1)
        .scalar_subquery()
    )
    while True:
        page = session.execute(
            select(
                Subscriber.id,
                Subscriber.email,
                Subscriber.name,
                Subscription.state,
                suppressed,
                Subscription.joined_at,
                Subscriber.last_engaged_at,
                Subscriber.attributes,
            )
            .join(Subscription, Subscription.subscriber_id == Subscriber.id)
            .where(
                Subscription.list_id == list_id,
                # Of the subscription, whose key is in this order.
                Subscription.subscriber_id > last,
                Subscriber.email.is_not(None),
                *(() if condition is None else (condition,)),
            )
            .order_by(Subscription.subscriber_id)
            .limit(PAGE)
        ).all()
        tags = _tags(session, [row.id for row in page])
        for number, email, name, state, why, joined_at, engaged_at, attributes in page:
            last = number
            marks = tags.get(number, ())
            yield Listed(
                email or "", name, state, why or "", joined_at, engaged_at, marks, attributes
            )
        if len(page) < PAGE:
            return


def _tags(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if ids:
        wanted = as_table(session, {"id": (NUMBER, ids)})
        rows = session.execute(
            select(SubscriberTag.subscriber_id, SubscriberTag.tag)
            .join_from(wanted, SubscriberTag, SubscriberTag.subscriber_id == wanted.c.id)
            .order_by(SubscriberTag.subscriber_id, SubscriberTag.tag)
        )
        for number, tag in rows:
            found.setdefault(number, []).append(tag)
    return found
