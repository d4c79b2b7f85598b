"""Write a list's people as CSV or JSON lines, page by page."""

import csv
import json
from collections.abc import Iterator
from typing import TextIO

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from subscribers.models import Subscriber, Subscription
from subscribers.transfer.formulas import defused

COLUMNS = ("email", "name", "state", "joined_at")
PAGE = 5_000


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
    """
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    count = 0
    for row in _rows(session, list_id, condition):
        cells = [row[column] or "" for column in COLUMNS]
        writer.writerow(cells if raw else [defused(cell) for cell in cells])
        count += 1
    return count


def export_json_lines(
    session: Session, list_id: int, file: TextIO, condition: ColumnElement[bool] | None = None
) -> int:
    """Write a list as one JSON object a line and return the number of people."""
    count = 0
    for row in _rows(session, list_id, condition):
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def _rows(
    session: Session, list_id: int, condition: ColumnElement[bool] | None
) -> Iterator[dict[str, str | None]]:
    last = 0
    while True:
        page = session.execute(
            select(
                Subscriber.id,
                Subscriber.email,
                Subscriber.name,
                Subscription.state,
                Subscription.joined_at,
            )
            .join(Subscription, Subscription.subscriber_id == Subscriber.id)
            .where(
                Subscription.list_id == list_id,
                Subscriber.id > last,
                Subscriber.email.is_not(None),
                *(() if condition is None else (condition,)),
            )
            .order_by(Subscriber.id)
            .limit(PAGE)
        ).all()
        for number, email, name, state, joined_at in page:
            last = number
            joined = joined_at.isoformat() if joined_at else None
            yield {"email": email, "name": name, "state": state, "joined_at": joined}
        if len(page) < PAGE:
            return
