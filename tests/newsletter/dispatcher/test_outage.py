"""A provider that is away while an issue is sent: who calls, who waits, and how it goes on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from newsletter import dispatcher, issues
from newsletter.app import App
from newsletter.errors import ProviderRefused, ProviderUnavailable
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.models import HoldReason, Issue, SentDay
from newsletter.pace import breaker
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
    until_somebody_waits,
)
from tests.newsletter.receiver import Receiver, accept

SECOND = timedelta(seconds=1)


def away(_: Envelope) -> SendResult:
    raise ProviderUnavailable("connection refused")


def begun(house: Make, **settings: float) -> tuple[App, Receiver, int]:
    app, receiver = house(**settings)
    issue = schedule(app, add_people(app, 60))
    start(app)
    receiver.answer = away
    return app, receiver, issue


def test_one_call_in_vain_keeps_every_worker_from_calling(house: Make) -> None:
    app, receiver, _ = begun(house)
    crew = [hand(app) for _ in range(4)]
    assert [one.send_one() for one in crew] == [True, False, False, False]
    assert len(receiver.calls) == 1
    crew = [hand(app, now=NOON + 2 * SECOND) for _ in range(4)]
    assert [one.send_one() for one in crew] == [True, False, False, False]
    assert len(receiver.calls) == 2


def test_while_one_tries_nobody_else_calls(house: Make) -> None:
    app, receiver, _ = begun(house)
    drain(app)
    later = NOON + 2 * SECOND
    others = []

    def slow(_: Envelope) -> SendResult:
        others.append(hand(app, now=later).send_one())
        raise ProviderUnavailable("503")

    receiver.answer = slow
    assert hand(app, now=later).send_one()
    assert others == [False]


def test_nobody_waits_longer_than_the_outage_once_a_call_went_through(house: Make) -> None:
    app, receiver, issue = begun(house)
    for trial in range(5):
        drain(app, now=NOON + trial * 20 * SECOND)
        dispatcher.resume_due(app.database, who="worker", now=NOON + trial * 20 * SECOND)
    assert progress(app, issue).pending == 60
    receiver.answer = accept
    drain(app, now=NOON + 120 * SECOND)
    assert receiver.book() == {address(number): 1 for number in range(1, 61)}
    assert state(app, issue) == "sent"


def test_a_held_issue_goes_on_as_soon_as_anything_was_answered(house: Make) -> None:
    app, receiver, issue = begun(house)
    for trial in range(3):
        drain(app, now=NOON + trial * 10 * SECOND)
    assert (state(app, issue), len(receiver.calls)) == ("paused", 3)
    assert dispatcher.resume_due(app.database, who="worker", now=NOON + 21 * SECOND) == 0
    with app.database.begin() as session:
        breaker.answered(session)
    assert dispatcher.resume_due(app.database, who="worker", now=NOON + 21 * SECOND) == 1


def test_a_call_whose_answer_is_lost_is_no_recovery(house: Make) -> None:
    app, receiver, issue = begun(house)
    drain(app)
    told = []

    def lost(envelope: Envelope) -> SendResult:
        with app.database.read() as session:
            told.append(breaker.is_open(session))
        return SendResult(SendStatus.IN_DOUBT, "timeout")

    receiver.answer = lost
    hand(app, now=NOON + 2 * SECOND).send_one()
    assert told == [True] * 10
    assert progress(app, issue).in_doubt == 10


@pytest.mark.parametrize("why", ["401 Unauthorized", "403 Forbidden"])
def test_a_refusal_waits_for_a_person_and_burns_nobody(house: Make, why: str) -> None:
    app, receiver, issue = begun(house)

    def refused(_: Envelope) -> SendResult:
        raise ProviderRefused(why, "look at the key")

    receiver.answer = refused
    drain(app)
    assert len(receiver.calls) == 1
    later = NOON + timedelta(days=3)
    assert dispatcher.resume_due(app.database, who="worker", now=later) == 0
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        assert row.hold_reason == HoldReason.CREDENTIALS
        issues.resume(session, row, who="editor", now=later)
    receiver.answer = accept
    drain(app, now=later)
    assert receiver.book() == {address(number): 1 for number in range(1, 61)}


def test_who_comes_second_to_a_trial_pays_nothing(house: Make) -> None:
    app, receiver, _ = begun(house, daily_quota=1000)
    hand(app).send_one()
    receiver.answer = accept
    later = NOON + 5 * SECOND

    def claimed() -> int:
        with app.database.begin() as session:
            found = dispatcher.claim(
                session, receiver, limits=app.limits, owner="another", now=later
            )
        return len(found.people) if found else 0

    with ThreadPoolExecutor(1) as pool:
        with app.database.begin() as session:
            assert dispatcher.claim(session, receiver, limits=app.limits, owner="one", now=later)
            second = pool.submit(claimed)
            until_somebody_waits(app.database)
        assert second.result() == 0
    with app.database.read() as session:
        assert session.scalars(select(SentDay.issues)).all() == [10]
