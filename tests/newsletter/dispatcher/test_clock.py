"""T8: whatever the clock does, an issue is started once and nobody is in doubt for it."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import dispatcher, issues
from newsletter.app import App
from newsletter.cli.drafting import moment
from newsletter.issues.life import LATE_AFTER
from newsletter.message import Envelope, SendResult
from newsletter.models import Issue
from newsletter.worker.tick import Round
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    drain,
    open_house,
    progress,
    schedule,
    start,
    state,
    steps,
)
from tests.newsletter.receiver import SUBMITTED, Receiver

HOUR = timedelta(hours=1)
DUE = NOON + 3 * HOUR
NUMBERS = count(1)
JUMPS = st.lists(st.integers(-30 * 60, 30 * 60), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder: Path = tmp_path_factory.mktemp("clock")
    return open_house(f"sqlite:///{folder / 'clock.db'}", folder, Receiver(folder / "book"))


@settings(max_examples=60, deadline=None)
@given(jumps=JUMPS)
def test_a_clock_that_jumps_starts_an_issue_once_or_leaves_it_to_a_person(
    app: App, jumps: list[int]
) -> None:
    """T8, R-5."""
    list_id = _list_of(app)
    number = schedule(app, list_id, key=f"n{next(NUMBERS)}", at=DUE)
    first_after = None
    at = NOON
    for minutes in jumps:
        at += timedelta(minutes=minutes)
        if first_after is None and at >= DUE:
            first_after = at
        dispatcher.start_due(app.database, size=10, who="worker", now=at)
        drain(app, now=at)
    taken = [step for step, _ in steps(app, number) if step in ("start", "pause")]
    if first_after is None:
        assert taken == []
    else:
        assert taken == (["pause"] if first_after - DUE > LATE_AFTER else ["start"])
    if state(app, number) not in ("sent", "cancelled"):
        with app.database.begin() as session:
            issues.cancel(session, session.get_one(Issue, number), who="editor", now=at)


def _list_of(app: App) -> int:
    from subscribers import store

    with app.database.read() as session:
        found = store.lists(session)
    return found[0].id if found else add_people(app, 3)


@pytest.mark.parametrize("jump", [-25 * HOUR, -HOUR, 2 * HOUR, 25 * HOUR])
def test_a_clock_that_jumps_takes_no_call_away_where_one_process_sends(
    house: Make, jump: timedelta
) -> None:
    """T8: a laptop that woke up, or a clock that was set, while a call was under way."""
    app, receiver = house(stepwise=False)
    issue = schedule(app, add_people(app, 10))
    start(app)
    keeper = Round(app, clock=lambda: NOON + jump)

    def answer(envelope: Envelope) -> SendResult:
        keeper.keep_house(alone=True)
        return SUBMITTED

    receiver.answer = answer
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 11)}
    assert progress(app, issue) == issues.Progress(10, 0, 0, 10, 0, 0, 0)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-03-29T02:30", 1),  # a time that the spring skips
        ("2026-10-25T02:30", 0),  # a time that the autumn has twice: the first
        ("2026-10-25T03:30", 2),
        ("2026-10-25T02:30+01:00", 1),
    ],
)
def test_a_time_of_day_is_one_moment_also_where_the_clocks_change(written: str, hour: int) -> None:
    when = moment(written, "Europe/Berlin")
    assert when.astimezone(ZoneInfo("UTC")).hour == hour
    assert isinstance(when, datetime)
