"""A rehearsal: what an issue needs is tried the day before it goes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter import issues
from newsletter.app import App
from newsletter.errors import ProviderRefused
from newsletter.message import Mailbox
from newsletter.models import Alert, Issue
from newsletter.rehearsal import rehearse
from newsletter.worker.lookout import Lookout
from tests.newsletter.house import NOON, add_people, open_house, schedule, state
from tests.newsletter.receiver import Receiver

ADMIN = "admin@ledger.example"
HOUR = timedelta(hours=1)


@pytest.fixture
def receiver(tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "book")


@pytest.fixture
def app(database_url: str, tmp_path: Path, receiver: Receiver) -> Iterator[App]:
    opened = open_house(database_url, tmp_path, receiver, admin_address=ADMIN)
    yield opened
    opened.database.close()


def try_it(app: App, number: int) -> str:
    """Rehearse an issue and return what the log says of it."""
    with app.database.read() as session:
        issue = session.get_one(Issue, number)
    rehearse(app, issue, who="worker", now=NOON)
    with app.database.read() as session:
        return issues.steps(session, session.get_one(Issue, number))[-1].detail


def told(app: App) -> list[tuple[str, str]]:
    with app.database.read() as session:
        rows = session.execute(select(Alert.title, Alert.text)).all()
        return [(title, text) for title, text in rows]


def test_the_admin_gets_a_test_and_is_told_that_all_is_well(app: App, receiver: Receiver) -> None:
    number = schedule(app, add_people(app, 3), at=NOON + 20 * HOUR)
    assert try_it(app, number) == "all is well"
    assert receiver.book() == {ADMIN: 1}
    assert receiver.emails[-1].subject == "[Test 1] Nine stories"
    assert state(app, number) == "scheduled"
    ((title, text),) = told(app)
    assert title == "ledger/2026-11 goes out soon: all is well"
    assert text.startswith("It goes at 2026-11-25 08:00 UTC.")


def test_what_is_not_well_is_told_with_its_mend(app: App, receiver: Receiver) -> None:
    def refused(sender: Mailbox | None = None) -> None:
        raise ProviderRefused("the key may not send mail", "give it the right Mail Send")

    number = schedule(app, add_people(app, 3), at=NOON + 20 * HOUR)
    receiver.check = refused  # type: ignore[method-assign]
    assert "the key may not send mail (give it the right Mail Send)" in try_it(app, number)
    assert told(app)[0][0] == "ledger/2026-11 goes out soon: 1 things to look at"


def test_an_issue_is_rehearsed_once_on_the_day_before(app: App) -> None:
    list_id = add_people(app, 3)
    tomorrow = schedule(app, list_id, key="tomorrow", at=NOON + 30 * HOUR)
    schedule(app, list_id, key="at-once", at=NOON + HOUR / 10)
    rehearsed = []
    moment = [NOON]

    def note(_: App, issue: Issue, now: datetime) -> None:
        rehearsed.append((issue.id, now))

    lookouts = [Lookout(app, rehearse=note, clock=lambda: moment[0]) for _ in range(2)]
    for hours in range(12):
        moment[0] = NOON + hours * HOUR
        for one in lookouts:
            one.look()
    assert rehearsed == [(tomorrow, NOON + 6 * HOUR)]
