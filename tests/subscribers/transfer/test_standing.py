"""Where the people of a file stand here, asked of a list of any size."""

import pytest
from sqlalchemy import insert

from subscribers.database import Database
from subscribers.models import List, Subscriber, Subscription
from subscribers.transfer.standing import look_up
from tests.factories import NOON, make_list


def fill(database: Database, people: int) -> None:
    """Put this many people on the list, beside those that are there."""
    with database.begin() as session:
        list_ = session.query(List).one_or_none() or make_list(session)
        first = session.query(Subscriber).count() + 1
        numbers = range(first, first + people)
        session.execute(
            insert(Subscriber),
            [
                {"id": n, "email": f"r{n}@e.example", "email_key": f"r{n}@e.example", "name": "",
                 "attributes": {}, "created_at": NOON}
                for n in numbers
            ],
        )  # fmt: skip
        session.execute(
            insert(Subscription),
            [
                {"list_id": list_.id, "subscriber_id": n, "state": "active", "changed_at": NOON}
                for n in numbers
            ],
        )


def steps(database: Database) -> int:
    """Look up fifty people and a stranger; return SQLite's steps, in hundreds."""
    count = 0

    def counted() -> int:
        nonlocal count
        count += 1
        return 0

    keys = [f"r{n}@e.example" for n in range(1, 51)] + ["stranger@e.example"]
    with database.read() as session:
        list_ = session.query(List).one()
        raw = session.connection().connection.dbapi_connection
        assert raw is not None
        raw.set_progress_handler(counted, 100)
        try:
            found = look_up(session, list_, keys)
        finally:
            raw.set_progress_handler(None, 0)
    assert set(found.people) == set(keys[:-1])
    assert {state for _, state in found.people.values()} == {"active"}
    return count


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_of_known_people_takes_no_longer_on_a_larger_list(database: Database) -> None:
    fill(database, 100)
    few = steps(database)
    fill(database, 2_000)
    assert steps(database) <= 2 * few
