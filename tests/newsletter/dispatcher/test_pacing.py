"""How fast an issue goes: rates, quotas, warm-ups; letters first, and who is engaged before who is not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from newsletter import dispatcher
from newsletter.app import App
from newsletter.dispatcher import Sender
from newsletter.message import SendResult, SendStatus
from newsletter.models import Batch, Issue, SentDay
from newsletter.worker.behind import hold_what_is_behind
from subscribers import store
from subscribers.models import Subscriber, SuppressionReason
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    drain,
    hand,
    progress,
    schedule,
    start,
    state,
)
from tests.newsletter.receiver import SUBMITTED, Receiver

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
LOOK = 0.2


def hands(app: App, workers: int, seconds: float) -> Iterator[tuple[float, list[Sender]]]:
    """Yield moments, a look apart, and workers whose clocks stand there."""
    moment = [NOON]
    crew = [
        Sender(app.database, app.links, app.provider, limits=app.limits, clock=lambda: moment[0])
        for _ in range(workers)
    ]
    for look in range(int(seconds / LOOK) + 1):
        moment[0] = NOON + look * LOOK * SECOND
        yield look * LOOK, crew


def sent_by(app: App, receiver: Receiver, seconds: float, *, workers: int = 1) -> list[int]:
    """Let workers look until then, and return how many mails were out after each second."""
    out = []
    for moment, crew in hands(app, workers, seconds):
        for one in crew:
            one.send_one()
        if moment == int(moment):
            out.append(len(receiver.envelopes))
    return out


@pytest.mark.parametrize("workers", [1, 3])
def test_a_rate_holds_whoever_sends(house: Make, workers: int) -> None:
    app, receiver = house(rate=10, stepwise=True)
    schedule(app, add_people(app, 300))
    start(app, size=1000)
    out = sent_by(app, receiver, 20, workers=workers)
    # Five seconds' worth at once, and never more than that ahead.
    assert all(10 * second <= mails <= 10 * second + 50 for second, mails in enumerate(out))


def test_a_whole_call_is_half_a_minutes_worth_at_most(house: Make) -> None:
    app, receiver = house(rate=10)
    schedule(app, add_people(app, 700))
    start(app, size=1000)
    assert sent_by(app, receiver, 29)[-1] == 300
    assert receiver.calls


def test_a_rate_that_was_lowered_since_cuts_what_was_frozen(house: Make) -> None:
    app, receiver = house(rate=1)
    issue = schedule(app, add_people(app, 100))
    dispatcher.start_due(app.database, size=100, who="worker", now=NOON)
    drain(app)
    assert len(receiver.envelopes) == 30
    for minute in range(1, 4):
        drain(app, now=NOON + minute * 60 * SECOND)
    assert receiver.book() == {address(number): 1 for number in range(1, 101)}
    assert state(app, issue) == "sent"


def test_a_domain_with_a_rate_of_its_own_holds_nobody_else_up(house: Make) -> None:
    app, receiver = house(domain_rates={"gmail.com": 1})
    list_id = add_people(app, 100)
    with app.database.begin() as session:
        for person in session.scalars(select(Subscriber).limit(60)):
            person.email = person.email_key = f"reader{person.id}@gmail.com"
    schedule(app, list_id, first="40")
    start(app, size=1000)
    drain(app)
    with app.database.begin() as session:
        session.execute(update(Issue).values(wave=1))
    drain(app)
    at_gmail = [one for one in receiver.envelopes if one.address.endswith("@gmail.com")]
    assert 0 < len(at_gmail) <= 30
    assert len(receiver.envelopes) - len(at_gmail) == 40
    for minute in range(1, 5):
        drain(app, now=NOON + minute * 30 * SECOND)
    assert set(receiver.book().values()) == {1}
    assert len(receiver.envelopes) == 100


def test_an_issue_is_spread_evenly_over_hours(house: Make) -> None:
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 72), over=6 * HOUR)
    start(app, size=1000)
    out = []
    for quarter in range(25):
        for part in range(3):
            drain(app, now=NOON + quarter * HOUR / 4 + part * HOUR / 12)
        out.append(len(receiver.envelopes))
    assert out[:-1] == [3 * quarter for quarter in range(1, 25)]
    assert state(app, issue) == "sent"


def test_two_issues_do_not_wait_for_each_others_hours(house: Make) -> None:
    app, receiver = house()
    list_id = add_people(app, 40)
    schedule(app, list_id, key="slow", over=48 * HOUR)
    start(app)
    schedule(app, list_id, key="fast")
    start(app)
    drain(app)
    assert len(receiver.envelopes) == 41


def test_a_quota_goes_on_tomorrow_with_room_left_for_letters(house: Make) -> None:
    app, receiver = house(daily_quota=40)
    issue = schedule(app, add_people(app, 90))
    start(app, size=30)
    out = []
    for hours in (0, 11.9, 12, 35, 36):
        drain(app, now=NOON + hours * HOUR)
        out.append(len(receiver.envelopes))
    assert out == [38, 38, 76, 76, 90]
    assert state(app, issue) == "sent"
    with app.database.read() as session:
        days = session.execute(select(SentDay.day, SentDay.issues).order_by(SentDay.day)).all()
    assert [tuple(day) for day in days] == [
        ("2026-11-24", 38),
        ("2026-11-25", 38),
        ("2026-11-26", 14),
    ]


def test_the_smallest_quota_lets_one_a_day_through(house: Make) -> None:
    app, receiver = house(daily_quota=1)
    issue = schedule(app, add_people(app, 2))
    start(app)
    drain(app)
    assert len(receiver.envelopes) == 1
    drain(app, now=NOON + 12 * HOUR)
    assert len(receiver.envelopes) == 2
    assert state(app, issue) == "sent"


@pytest.mark.parametrize("stepwise", [True, False])
def test_who_left_since_the_freeze_takes_nobodys_place_in_the_days_quota(
    house: Make, stepwise: bool
) -> None:
    app, receiver = house(daily_quota=20, stepwise=stepwise)
    issue = schedule(app, add_people(app, 30))
    start(app, size=10)
    with app.database.begin() as session:
        for number in (1, 2, 3, 11):
            store.suppress(session, address(number), SuppressionReason.COMPLAINED, now=NOON)
    drain(app)
    assert len(receiver.envelopes) == 19
    assert progress(app, issue).pending == 30 - 19 - 4
    with app.database.read() as session:
        assert session.scalars(select(SentDay.issues)).all() == [19]


def test_a_warm_up_counts_the_days_on_which_something_went(house: Make) -> None:
    app, receiver = house(warm_up=(20, 40))
    schedule(app, add_people(app, 300))
    start(app, size=100)
    out = []
    for days in (0, 0.2, 3, 3.2, 7):
        drain(app, now=NOON + days * 24 * HOUR)
        out.append(len(receiver.envelopes))
    assert out == [19, 19, 57, 57, 300]


def test_an_issue_that_waits_for_tomorrow_is_not_late(house: Make) -> None:
    app, _ = house(daily_quota=10)
    issue = schedule(app, add_people(app, 30))
    start(app)
    drain(app)
    assert progress(app, issue).pending == 21
    hold_what_is_behind(app, NOON + 12.5 * HOUR)
    assert state(app, issue) == "sending"
    hold_what_is_behind(app, NOON + 13.5 * HOUR)
    assert state(app, issue) == "paused"


def test_who_was_engaged_last_is_mailed_first(house: Make) -> None:
    app, receiver = house(stepwise=True)
    list_id = add_people(app, 8)
    marks = {7: 1, 2: 10, 5: 60, 3: 200, 8: 29, 1: 4000}
    with app.database.begin() as session:
        for number, days in marks.items():
            session.execute(
                update(Subscriber)
                .where(Subscriber.email_key == address(number))
                .values(last_engaged_at=NOON - timedelta(days=days))
            )
    schedule(app, list_id)
    start(app, size=3)
    drain(app)
    batches = [receiver.envelopes[at : at + 3] for at in (0, 3, 6)]
    assert [sorted(one.address for one in batch) for batch in batches] == [
        [address(number) for number in some] for some in ((2, 7, 8), (1, 3, 5), (4, 6))
    ]


def test_what_is_refused_for_now_keeps_its_lane(house: Make) -> None:
    app, receiver = house(domain_rates={"readers.example": 100})
    receiver.answer = lambda one: (
        SendResult(SendStatus.LATER, "451") if one.address == address(3) else SUBMITTED
    )
    schedule(app, add_people(app, 10))
    start(app)
    drain(app)
    with app.database.read() as session:
        lanes = session.execute(select(Batch.lane, Batch.n).order_by(Batch.batch_no)).all()
    assert [tuple(lane) for lane in lanes] == [("readers.example", 9), ("readers.example", 1)]


def test_nothing_is_counted_for_a_call_that_has_to_wait(house: Make) -> None:
    app, _ = house(daily_quota=100, rate=1)
    schedule(app, add_people(app, 60))
    start(app, size=30)
    one = hand(app)
    assert one.send_one()
    assert not one.send_one()
    with app.database.read() as session:
        assert session.scalars(select(SentDay.issues)).all() == [30]
