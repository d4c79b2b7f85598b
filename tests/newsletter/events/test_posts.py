"""A post of reports is kept before it is answered, and read whoever comes next (WH-3)."""

import orjson
import pytest
from sqlalchemy import func, select, update

from newsletter import events
from newsletter.models import EventPost, StoredEvent
from newsletter.schema import upgrade
from subscribers.database import Database
from tests.factories import NOON
from tests.newsletter.events.rows import LINKS, send


def post(database: Database, *reports: object, body: bytes | None = None) -> None:
    with database.begin() as session:
        text = orjson.dumps(list(reports)) if body is None else body
        events.keep(session, "sendgrid", text, now=NOON)


def delivered(number: int) -> dict[str, object]:
    token = LINKS.seal_delivery(1, number)
    return {"event": "delivered", "sg_event_id": f"d{number}", "timestamp": 1, "d": token}


def read(database: Database) -> int:
    return events.catch_up(database, LINKS, now=NOON)


def waiting(database: Database) -> list[tuple[int, str]]:
    with database.read() as session:
        rows = session.scalars(select(EventPost).order_by(EventPost.id))
        return [(row.attempts, row.error) for row in rows]


def recorded(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(StoredEvent)) or 0


def test_posts_that_piled_up_are_caught_up_with_at_once(database: Database) -> None:
    """# WH-3: after an outage of the readers."""
    send(database, 3)
    for number in (1, 2, 3, 1):
        post(database, delivered(number))
    assert waiting(database) == [(0, "")] * 4
    assert read(database) == 3
    assert (waiting(database), recorded(database)) == ([], 3)


@pytest.mark.parametrize(
    "body", [b"", b"not json", b'{"event": "open"}', b"[", b"\xff\xfe", b"null", b"12"]
)
def test_what_cannot_be_read_stays_and_keeps_nobody_waiting(
    database: Database, body: bytes
) -> None:
    """# WH-3"""
    send(database, 1)
    post(database, body=body)
    post(database, delivered(1))
    assert read(database) == 1
    ((_, error),) = waiting(database)
    assert error
    assert read(database) == 0


def test_one_bad_report_keeps_no_other_from_being_recorded(database: Database) -> None:
    """# WH-3"""
    send(database, 1)
    bad: list[object] = [
        None,
        7,
        "x",
        [],
        {},
        {"event": {"a": 1}, "timestamp": [], "d": {}, "status": [1]},
    ]
    post(database, *bad, delivered(1), {"event": "open", "timestamp": 1e400, "sg_event_id": "\0"})
    # The two that are objects are kept as unknown, the delivery and the open as what they are.
    assert read(database) == 4
    assert waiting(database) == []


def test_a_post_that_somebody_reads_is_left_to_them(postgres_url: str) -> None:
    """On SQLite one writes at a time anyway."""
    upgrade(postgres_url)
    database = Database(postgres_url)
    send(database, 1)
    post(database, delivered(1))
    with database.begin() as session:
        session.scalars(select(EventPost).with_for_update()).all()
        assert read(database) == 0
    assert read(database) == 1
    database.close()


class Died(Exception):
    """A reader ended here."""


def test_whoever_reads_in_vain_lets_go_and_is_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(database, 1)
    post(database, delivered(1))

    def die(*_: object, **__: object) -> int:
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr("newsletter.events.posts.record", die)
        with pytest.raises(Died):
            read(database)
    assert (waiting(database), recorded(database)) == ([(1, "")], 0)
    assert read(database) == 1


def test_a_post_whose_reading_dies_again_and_again_is_put_aside(database: Database) -> None:
    send(database, 1)
    post(database, delivered(1))
    post(database, delivered(1))
    with database.begin() as session:
        first = select(func.min(EventPost.id)).scalar_subquery()
        session.execute(update(EventPost).where(EventPost.id == first).values(attempts=5))
    assert read(database) == 1
    ((_, error),) = waiting(database)
    assert "again and again" in error
