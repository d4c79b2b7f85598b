"""How fast an issue goes, as `show` tells it."""

from datetime import timedelta

from newsletter import issues
from newsletter.app import App
from newsletter.issues.speed import Speed, speed
from newsletter.models import Issue
from tests.newsletter.house import NOON, Make, add_people, claimed, hand, schedule, start


def seen(app: App, issue: int, seconds: int) -> Speed | None:
    with app.database.read() as session:
        return speed(session, session.get_one(Issue, issue), NOON + timedelta(seconds=seconds))


def step(app: App, issue: int, name: str, seconds: int) -> None:
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        at = NOON + timedelta(seconds=seconds)
        getattr(issues, name)(session, row, who="editor", now=at)


def test_it_is_that_of_the_calls_of_the_last_minute(house: Make) -> None:
    app, _ = house()
    issue = schedule(app, add_people(app, 100))
    start(app)
    assert seen(app, issue, 10) is None
    for seconds in (10, 20):
        hand(app, now=NOON + timedelta(seconds=seconds)).send_one()
    assert seen(app, issue, 20) == Speed(1.0, NOON + timedelta(seconds=100))
    hand(app, now=NOON + timedelta(seconds=170)).send_one()
    assert seen(app, issue, 180) == Speed(10 / 60, NOON + timedelta(seconds=180 + 420))


def test_no_time_counts_in_which_it_was_paused(house: Make) -> None:
    app, _ = house()
    issue = schedule(app, add_people(app, 100))
    start(app)
    hand(app, now=NOON + timedelta(seconds=5)).send_one()
    step(app, issue, "pause", 10)
    assert seen(app, issue, 10) is None
    step(app, issue, "resume", 1000)
    found = seen(app, issue, 1010)
    assert found
    assert found.per_second == 10 / 20


def test_what_is_on_its_way_is_no_figure_yet(house: Make) -> None:
    app, _ = house()
    issue = schedule(app, add_people(app, 20))
    start(app)
    claimed(app)
    assert seen(app, issue, 30) is None
