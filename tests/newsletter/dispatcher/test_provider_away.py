"""A provider that is away or wants us to wait: nobody pays for it."""

from datetime import timedelta

import pytest

from newsletter import dispatcher, issues
from newsletter.errors import IssueError, ProviderMisused, ProviderRefused, ProviderUnavailable
from newsletter.message import Envelope, SendResult
from newsletter.models import (
    HoldReason,
    Issue,
)
from newsletter.pace import letters_are_free
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    batches,
    drain,
    hand,
    progress,
    schedule,
    start,
    state,
    wait_is_over,
)
from tests.newsletter.receiver import SUBMITTED, accept


def test_how_long_a_provider_wants_to_be_left_alone_holds_for_every_worker(house: Make) -> None:
    """RULES 1.2, 429: at most one request before Reset, whoever it was that heard of it."""
    app, receiver = house(stepwise=True)
    schedule(app, add_people(app, 30))
    start(app)

    def busy(_: Envelope) -> SendResult:
        raise ProviderUnavailable("429 too many requests", retry_after=60)

    def send_at(seconds: float) -> bool:
        # Another process: it knows only what the rows say.
        at = NOON + timedelta(seconds=seconds)
        return dispatcher.Sender(app.database, app.links, receiver, clock=lambda: at).send_one()

    receiver.answer = busy
    assert send_at(0)
    receiver.answer = accept
    assert [send_at(seconds) for seconds in (1, 30, 59.9)] == [False] * 3
    assert len(receiver.calls) == 1
    with app.database.read() as session:
        assert not letters_are_free(session, NOON + timedelta(seconds=59))
    assert send_at(60.1)


def test_whom_an_outage_hits_while_others_are_answered_goes_back_with_no_attempt_burnt(
    house: Make,
) -> None:
    """R-1."""
    app, receiver = house(stepwise=True)
    receiver.at_once = 4
    issue = schedule(app, add_people(app, 10))
    start(app)

    def answer(envelope: Envelope) -> SendResult:
        if envelope.address in (address(5), address(7)):
            raise ProviderUnavailable("421 too many connections")
        return SUBMITTED

    receiver.answer = answer
    assert hand(app).send_one()
    assert progress(app, issue) == issues.Progress(10, 4, 0, 6, 0, 0, 0)
    assert batches(app) == [(1, "submitted", 6, 1, None), (2, "pending", 4, 0, 1)]
    receiver.answer = accept
    wait_is_over(app)
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 11)}


@pytest.mark.parametrize("stepwise", [True, False])
def test_an_outage_burns_no_recipient_and_no_attempt(house: Make, stepwise: bool) -> None:
    """R-1."""
    app, receiver = house(stepwise=stepwise)
    issue = schedule(app, add_people(app, 10))
    start(app)
    down = True

    def answer(envelope: Envelope) -> SendResult:
        if down and envelope.address > address(4):
            raise ProviderUnavailable("503 Service Unavailable", retry_after=1)
        return SUBMITTED

    receiver.answer = answer
    assert hand(app).send_one()
    assert progress(app, issue) == issues.Progress(10, 6, 0, 4, 0, 0, 0)
    assert batches(app) == [(1, "submitted", 4, 1, None), (2, "pending", 6, 0, 1)]
    wait_is_over(app)
    assert hand(app).send_one()
    assert batches(app) == [(1, "submitted", 4, 1, None), (2, "pending", 6, 0, 1)]
    assert state(app, issue) == "sending"
    down = False
    wait_is_over(app)
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 11)}


def test_an_outage_that_persists_holds_the_issue_until_it_resumes_by_itself(house: Make) -> None:
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 10))
    start(app)

    def answer(envelope: Envelope) -> SendResult:
        raise ProviderUnavailable("connection refused", retry_after=0)

    receiver.answer = answer
    worker = hand(app)
    for _ in range(3):
        worker.send_one()
    with app.database.read() as session:
        held = session.get_one(Issue, issue)
        assert (held.state, held.hold_reason) == ("paused", HoldReason.PROVIDER)
        assert held.resume_at
        resume_at = held.resume_at
    assert progress(app, issue).pending == 10
    early = resume_at - timedelta(seconds=1)
    assert dispatcher.resume_due(app.database, who="worker", now=early) == 0
    receiver.answer = accept
    assert dispatcher.resume_due(app.database, who="worker", now=resume_at) == 1
    drain(app)
    assert state(app, issue) == "sent"


def test_an_issue_that_would_go_on_by_itself_stays_where_a_person_holds_it(house: Make) -> None:
    app, _ = house()
    issue = schedule(app, add_people(app, 10))
    start(app)

    def pause(reason: HoldReason) -> None:
        with app.database.begin() as session:
            row = session.get_one(Issue, issue)
            issues.pause(session, row, reason=reason, resume_at=NOON, who="editor", now=NOON)

    pause(HoldReason.PROVIDER)
    pause(HoldReason.OPERATOR)
    with pytest.raises(IssueError, match="cannot pause"):
        pause(HoldReason.OPERATOR)
    assert dispatcher.resume_due(app.database, who="worker", now=NOON + timedelta(days=1)) == 0
    with app.database.read() as session:
        row = session.get_one(Issue, issue)
        assert (row.state, row.hold_reason) == ("paused", HoldReason.OPERATOR)


def test_what_was_seen_outside_is_no_hold_of_a_persons(house: Make) -> None:
    app, _ = house()
    issue = schedule(app, add_people(app, 10))
    start(app)
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        issues.pause(session, row, reason=HoldReason.BOUNCES, who="worker", now=NOON)
        with pytest.raises(IssueError, match=r"paused \(bounces\): it cannot pause"):
            issues.pause(session, row, who="editor", now=NOON)


@pytest.mark.parametrize("error", [ProviderRefused("401"), ProviderMisused("404")])
@pytest.mark.parametrize("stepwise", [True, False])
def test_a_provider_that_refuses_us_pauses_the_issue_for_a_person(
    house: Make, error: Exception, stepwise: bool
) -> None:
    app, receiver = house(stepwise=stepwise)
    issue = schedule(app, add_people(app, 20))
    start(app)

    def answer(envelope: Envelope) -> SendResult:
        raise error

    receiver.answer = answer
    drain(app)
    assert len(receiver.calls) == 1
    assert progress(app, issue) == issues.Progress(20, 20, 0, 0, 0, 0, 0)
    assert batches(app)[0] == (1, "pending", 10, 0, None)
    with app.database.read() as session:
        assert session.get_one(Issue, issue).hold_reason == HoldReason.CREDENTIALS
    assert dispatcher.resume_due(app.database, who="x", now=NOON + timedelta(days=9)) == 0


def test_an_outage_takes_nothing_of_the_days_quota(house: Make) -> None:
    """R-1: whom nobody called is not among those that a day saw."""
    app, receiver = house(daily_quota=40)
    issue = schedule(app, add_people(app, 30))
    start(app, size=30)

    def away(_: Envelope) -> SendResult:
        raise ProviderUnavailable("connection refused")

    receiver.answer = away
    for _ in range(2):
        hand(app).send_one()
        wait_is_over(app)
    receiver.answer = accept
    drain(app)
    assert progress(app, issue).submitted == 30
    assert state(app, issue) == "sent"
