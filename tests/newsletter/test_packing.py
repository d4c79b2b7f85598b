"""Closed issues packed: everything that was known of them is known, in a tenth of the room."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text, update

from newsletter import issues, schema
from newsletter.app import App
from newsletter.events.recording import record
from newsletter.issues import packing
from newsletter.message import Event, EventType
from newsletter.models import (
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
    IssueFigures,
    PackedDelivery,
)
from newsletter.models.packed import BLOCK, pack
from newsletter.rights import person_record
from subscribers.models import Subscriber
from tests.newsletter.house import (
    NOON,
    add_people,
    address,
    drain,
    open_house,
    schedule,
    start,
    subscriber_id,
    those,
)
from tests.newsletter.receiver import Receiver

PEOPLE = 300
FAILED = 7


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    opened = open_house(
        database_url, tmp_path, Receiver(tmp_path / "book", stepwise=False), batch_size=50
    )
    yield opened
    opened.database.close()


@pytest.fixture
def closed(app: App) -> int:
    """Give an issue that everybody got, but one whom the provider refused and one who left."""
    number = schedule(app, add_people(app, PEOPLE))
    start(app, 50)
    drain(app)
    with app.database.begin() as session:
        session.execute(
            insert(DeliveryException),
            [
                {
                    "issue_id": number,
                    "subscriber_id": who,
                    "state": state,
                    "detail": "why",
                    "at": NOON,
                }
                for who, state in ((FAILED, "failed"), (FAILED + 1, "skipped"))
            ],
        )
        session.execute(insert(IssueFigures).values(issue_id=number, figures={}, rolled_up_at=NOON))
    return number


def rows(app: App, table: type) -> int:
    with app.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def known(app: App, number: int) -> Sequence[object]:
    """Return what is told of everybody; in which batch they were is kept of the exceptions only."""
    with app.database.read() as session:
        issue = session.get_one(Issue, number)
        view = text("SELECT subscriber_id, state FROM delivery_state ORDER BY subscriber_id")
        return (
            issues.progress(session, issue),
            [one._replace(batch_no=0) for one in issues.recipients(session, issue)],
            session.execute(view).all(),
        )


def test_a_packed_issue_tells_the_same_of_everybody(app: App, closed: int) -> None:
    before = known(app, closed)
    assert issues.pack_closed(app.database, now=NOON) == PEOPLE - 2
    assert known(app, closed) == before
    assert (rows(app, Delivery), rows(app, PackedDelivery)) == (2, 1)
    assert those(app, closed, DeliveryState.FAILED) == [address(FAILED)]
    assert issues.pack_closed(app.database, now=NOON) == 0


def test_pages_of_packed_and_other_recipients_come_in_order(
    app: App, closed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.issues.figures.PAGE", 5)
    issues.pack_closed(app.database, now=NOON)
    with app.database.read() as session:
        found = issues.recipients(session, session.get_one(Issue, closed))
        assert [one.email for one in found] == [address(n) for n in range(1, PEOPLE + 1)]


@pytest.mark.parametrize(
    "values",
    [
        {"state": "sending"},
        {"state": "paused"},
        {"variant": 1},
        {"packed_at": NOON},
    ],
)
def test_what_is_open_or_has_two_texts_is_not_packed(
    app: App, closed: int, values: dict[str, object]
) -> None:
    with app.database.begin() as session:
        session.execute(update(Issue).values(values))
    assert issues.pack_closed(app.database, now=NOON) == 0
    assert rows(app, Delivery) == PEOPLE


def test_an_issue_whose_reports_still_come_is_not_packed(app: App, closed: int) -> None:
    with app.database.begin() as session:
        session.execute(update(IssueFigures).values(rolled_up_at=None))
    assert issues.pack_closed(app.database, now=NOON) == 0


def test_so_few_that_rows_are_smaller_stay_rows(
    app: App, closed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "WORTH_IT", PEOPLE)
    assert issues.pack_closed(app.database, now=NOON) == 0
    assert rows(app, Delivery) == PEOPLE


def test_a_report_of_a_packed_delivery_is_still_recorded(app: App, closed: int) -> None:
    issues.pack_closed(app.database, now=NOON)
    event = Event(
        source="sendgrid",
        source_id="late",
        type=EventType.COMPLAINED,
        at=NOON + timedelta(days=100),
        token=app.links.seal_delivery(closed, subscriber_id(app, 1)),
    )
    with app.database.begin() as session:
        record(session, app.links, [event], now=NOON + timedelta(days=100))
        found = session.execute(text("SELECT issue_id, subscriber_id FROM event")).all()
    assert found == [(closed, subscriber_id(app, 1))]


def test_a_person_s_copy_names_packed_issues(app: App, closed: int) -> None:
    with app.database.read() as session:
        before = person_record(session, session.get_one(Subscriber, subscriber_id(app, 1)))
    issues.pack_closed(app.database, now=NOON)
    with app.database.read() as session:
        after = person_record(session, session.get_one(Subscriber, subscriber_id(app, 1)))
    assert after == before


def test_one_step_down_everybody_has_a_row_again(app: App, database_url: str, closed: int) -> None:
    issues.pack_closed(app.database, now=NOON)
    schema.downgrade(database_url, "0021")
    with app.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM delivery")) == PEOPLE
    schema.upgrade(database_url)


@given(st.sets(st.integers(0, BLOCK - 1)), st.integers(0, 100))
def test_digits_hold_exactly_who_was_packed(people: set[int], block: int) -> None:
    digits = pack(one + block * BLOCK for one in people)
    assert len(digits) == BLOCK // 4
    read = {
        4 * at + bit
        for at, digit in enumerate(digits)
        for bit in range(4)
        if int(digit, 16) >> bit & 1
    }
    assert read == people
