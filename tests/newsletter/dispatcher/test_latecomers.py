"""Who confirms soon after an issue gets it too, once, where the List wants that."""

from datetime import datetime, timedelta

import pytest

from newsletter import dispatcher
from newsletter.app import App
from newsletter.models import Issue
from subscribers import store
from subscribers.address import parse
from subscribers.models import List, Subscriber, SuppressionReason
from subscribers.store import Visit
from tests.newsletter.dispatcher.test_amending import amend, pause, resume, texts
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    batches,
    drain,
    progress,
    schedule,
    start,
    state,
    steps,
)

LATE = "late@readers.example"
DAY = timedelta(days=1)


def confirms(app: App, email: str = LATE, *, now: datetime = NOON + DAY) -> bool:
    """Let somebody join, and say whether the latest issue goes to them."""
    with app.database.begin() as session:
        list_ = store.find_list(session)
        who = store.add(session, list_, parse(email), visit=Visit(), now=now)
        person = session.get_one(Subscriber, who.subscriber_id)
        return dispatcher.send_latest(session, list_, person, who="confirmation", now=now)


def wants(app: App, list_id: int, days: int = 7) -> None:
    with app.database.begin() as session:
        store.edit_list(session, session.get_one(List, list_id), latest_within=days)


def test_who_is_new_gets_the_latest_issue_once(house: Make) -> None:
    app, receiver = house(stepwise=True)
    list_id = add_people(app, 3)
    wants(app, list_id)
    issue = schedule(app, list_id)
    start(app)
    drain(app)
    assert confirms(app)
    assert not confirms(app)
    assert state(app, issue) == "sending"
    drain(app, now=NOON + DAY)
    assert not confirms(app, address(2))
    assert receiver.book() == {address(1): 1, address(2): 1, address(3): 1, LATE: 1}
    assert state(app, issue) == "sent"
    assert progress(app, issue).total == 4
    assert [step for step, _ in steps(app, issue)][-2:] == ["append", "finish"]


@pytest.mark.parametrize(
    ("days", "later"), [(0, DAY), (7, 8 * DAY)], ids=["not wanted", "too late"]
)
def test_otherwise_they_wait_for_the_next_one(house: Make, days: int, later: timedelta) -> None:
    app, _ = house()
    list_id = add_people(app, 3)
    wants(app, list_id, days)
    schedule(app, list_id)
    start(app)
    drain(app)
    assert not confirms(app, now=NOON + later)


def test_nobody_gets_a_correction_or_what_is_not_for_them(house: Make) -> None:
    app, receiver = house()
    list_id = add_people(app, 3)
    wants(app, list_id)
    first = schedule(app, list_id, key="first", segment="tag:vip")
    start(app)
    drain(app)
    assert not confirms(app)
    with app.database.read() as session:
        row = session.get_one(Issue, first)
    schedule(app, list_id, key="correction", corrects=row, now=NOON + DAY)
    start(app, now=NOON + DAY)
    drain(app, now=NOON + DAY)
    assert not confirms(app, "other@readers.example", now=NOON + DAY)
    assert not receiver.book()


def test_who_leaves_again_before_it_goes_is_not_mailed(house: Make) -> None:
    """DL-3."""
    app, receiver = house()
    list_id = add_people(app, 1)
    wants(app, list_id)
    issue = schedule(app, list_id)
    start(app)
    drain(app)
    assert confirms(app)
    with app.database.begin() as session:
        store.suppress(session, LATE, SuppressionReason.COMPLAINED, now=NOON)
    drain(app, now=NOON + DAY)
    assert receiver.book() == {address(1): 1}
    assert progress(app, issue).skipped == 1
    assert state(app, issue) == "sent"


def test_a_paused_issue_lets_them_wait_and_they_get_the_mended_text(house: Make) -> None:
    app, receiver = house()
    list_id = add_people(app, 1)
    wants(app, list_id)
    issue = schedule(app, list_id)
    start(app, 1)
    pause(app, issue)
    amend(app, issue)
    assert confirms(app, now=NOON)
    assert [row[1] for row in batches(app)] == ["pending", "pending"]
    drain(app)
    assert not receiver.book()
    resume(app, issue)
    drain(app)
    assert texts(app, issue) == {address(1): 1, LATE: 1}
