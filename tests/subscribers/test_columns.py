"""Columns: what a database holds comes back as it is, a whole column at once."""

import pytest
from sqlalchemy import bindparam, null, select
from sqlalchemy.orm import Session

from subscribers.columns import columns, packed
from subscribers.models import List, Subscriber
from tests.factories import make_subscriber

NAMES = ['Ann "A"', "", "back\\slash", "Ren\u00e9e \U0001f642", "tab\tand\nline", "\x01\u2028"]


@pytest.mark.parametrize("most", [len(NAMES), 1, 0])
def test_columns_are_those_of_the_rows_in_their_order(
    session: Session, monthly: List, most: int
) -> None:
    people = [
        make_subscriber(session, monthly, f"reader{at}@example.org") for at, _ in enumerate(NAMES)
    ]
    for person, name in zip(people, NAMES, strict=True):
        person.name = name
    session.flush()
    connection = session.connection()
    first = bindparam("first", type_=Subscriber.id.type)
    found = (
        select(Subscriber.id, Subscriber.name, null(), Subscriber.id == people[0].id)
        .where(Subscriber.id >= first)
        .order_by(Subscriber.id.desc())
    )
    read = columns(
        connection,
        packed(connection.dialect.name, found),
        {"first": people[-1].id + 1 - most},
    )
    newest = people[::-1][:most]
    assert [list(column) for column in read] == [
        [one.id for one in newest],
        NAMES[::-1][:most],
        [None] * most,
        [one is people[0] for one in newest],
    ]
