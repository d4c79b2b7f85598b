"""What a person decides: pausing, going on, retrying, settling; and when an issue is due."""

from datetime import timedelta

import pytest

from newsletter import dispatcher, issues
from newsletter.errors import IssueError
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.models import (
    BatchState,
    DeliveryState,
    HoldReason,
    Issue,
)
from subscribers import store
from subscribers.models import SuppressionReason
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    batches,
    claimed,
    drain,
    hand,
    lease_is_over,
    progress,
    schedule,
    start,
    state,
    steps,
    those,
)
from tests.newsletter.receiver import SUBMITTED, accept


def test_a_paused_issue_is_not_claimed_and_goes_on_where_it_stopped(house: Make) -> None:
    """R-2, R-3."""
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 30))
    start(app)
    worker = hand(app)
    for _ in range(20):
        worker.send_one()
        with app.database.begin() as session:
            row = session.get_one(Issue, issue)
            if row.state != "sent":
                issues.pause(session, row, who="editor", now=NOON)
        assert not worker.send_one()
        with app.database.begin() as session:
            row = session.get_one(Issue, issue)
            if row.state != "sent":
                issues.resume(session, row, who="editor", now=NOON)
    assert receiver.book() == {address(number): 1 for number in range(1, 31)}


def test_an_issue_due_an_hour_ago_waits_for_a_person(house: Make) -> None:
    """R-5."""
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 3), at=NOON)
    late = NOON + timedelta(hours=1, seconds=1)
    assert dispatcher.start_due(app.database, size=10, who="worker", now=late) == 0
    with app.database.read() as session:
        row = session.get_one(Issue, issue)
        assert (row.state, row.hold_reason) == ("paused", HoldReason.LATE)
    with app.database.begin() as session:
        issues.resume(session, session.get_one(Issue, issue), who="editor", now=late)
    assert dispatcher.start_due(app.database, size=10, who="worker", now=late) == 1
    drain(app)
    assert sum(receiver.book().values()) == 3


def test_an_issue_starts_at_its_time_and_not_before(house: Make) -> None:
    app, _ = house(stepwise=True)
    issue = schedule(app, add_people(app, 3), at=NOON + timedelta(hours=3))
    assert dispatcher.start_due(app.database, size=10, who="worker", now=NOON) == 0
    assert state(app, issue) == "scheduled"
    at = NOON + timedelta(hours=3)
    assert dispatcher.start_due(app.database, size=10, who="worker", now=at) == 1


def test_the_failed_are_retried_and_the_others_left_alone(house: Make) -> None:
    """R-4."""
    bad = {address(2), address(13)}

    def answer(envelope: Envelope) -> SendResult:
        if envelope.address in bad:
            return SendResult(SendStatus.FAILED, "550 blocked")
        return SUBMITTED

    app, receiver = house(stepwise=True, answer=answer)
    issue = schedule(app, add_people(app, 21))
    start(app)
    with app.database.begin() as session:
        store.suppress(session, address(21), SuppressionReason.MANUAL, now=NOON)
    drain(app)
    assert state(app, issue) == "sent"
    with app.database.begin() as session:
        store.unsuppress(session, address(21), reason="a mistake", now=NOON)
    bad.clear()
    with app.database.begin() as session:
        assert issues.retry(session, session.get_one(Issue, issue), who="editor", now=NOON) == 2
    assert progress(app, issue) == issues.Progress(21, 2, 0, 18, 0, 0, 1)
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 21)}
    assert state(app, issue) == "sent"
    assert ("retry", "editor") in steps(app, issue)


def test_a_whole_failed_batch_is_retried_too(house: Make) -> None:
    """R-4."""

    def refuse(envelope: Envelope) -> SendResult:
        return SendResult(SendStatus.FAILED, "sender not verified")

    app, receiver = house(stepwise=False, answer=refuse)
    issue = schedule(app, add_people(app, 20))
    start(app)
    drain(app)
    assert [row[1] for row in batches(app)] == [BatchState.FAILED] * 2
    receiver.answer = accept
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        assert issues.retry(session, row, size=7, who="editor", now=NOON) == 20
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 21)}
    assert progress(app, issue) == issues.Progress(20, 0, 0, 20, 0, 0, 0)


@pytest.mark.parametrize("stepwise", [True, False])
@pytest.mark.parametrize("outcome", [DeliveryState.SUBMITTED, DeliveryState.FAILED])
def test_what_is_in_doubt_is_settled_by_a_person_and_ends_the_issue(
    house: Make, stepwise: bool, outcome: DeliveryState
) -> None:
    app, _ = house(stepwise=stepwise)
    issue = schedule(app, add_people(app, 10))
    start(app)
    claimed(app)
    lease_is_over(app)
    dispatcher.sweep(app.database, who="worker", now=NOON)
    drain(app)
    doubtful = 1 if stepwise else 10
    assert progress(app, issue).in_doubt == doubtful
    assert state(app, issue) == "sending"
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        assert issues.settle(session, row, outcome, who="editor", now=NOON) == doubtful
    figures = progress(app, issue)
    assert figures.in_doubt == 0
    assert figures.failed == (doubtful if outcome == "failed" else 0)
    assert state(app, issue) == "sent"
    assert ("settle", "editor") in steps(app, issue)


@pytest.mark.parametrize("stepwise", [True, False])
def test_a_paused_issue_of_which_everybody_is_settled_is_sent_once_it_is_resumed(
    house: Make, stepwise: bool
) -> None:
    app, _ = house(stepwise=stepwise)
    issue = schedule(app, add_people(app, 10))
    start(app)
    claimed(app)
    lease_is_over(app)
    dispatcher.sweep(app.database, who="worker", now=NOON)
    drain(app)
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        issues.pause(session, row, who="editor", now=NOON)
        issues.settle(session, row, DeliveryState.SUBMITTED, who="editor", now=NOON)
        assert row.state == "paused"
        issues.resume(session, row, who="editor", now=NOON)
        assert row.state == "sent"
    assert [step for step, _ in steps(app, issue)][-3:] == ["settle", "resume", "finish"]


@pytest.mark.parametrize("stepwise", [True, False])
def test_people_in_doubt_are_settled_one_by_one_and_each_may_differ(
    house: Make, stepwise: bool
) -> None:
    app, receiver = house(stepwise=stepwise)
    issue = schedule(app, add_people(app, 30))
    start(app)
    # Three batches of which each leaves somebody in doubt.
    for _ in range(3):
        claimed(app)
    lease_is_over(app)
    dispatcher.sweep(app.database, who="worker", now=NOON)
    drain(app)
    first, *others = those(app, issue, DeliveryState.IN_DOUBT)

    def settle(who: str, outcome: DeliveryState) -> None:
        with app.database.begin() as session:
            row, person = session.get_one(Issue, issue), store.find(session, who)
            assert person
            issues.settle(session, row, outcome, person=person.id, who="editor", now=NOON)

    settle(first, DeliveryState.FAILED)
    assert those(app, issue, DeliveryState.FAILED) == [first]
    assert those(app, issue, DeliveryState.IN_DOUBT) == others
    with pytest.raises(IssueError, match="not in doubt"):
        settle(first, DeliveryState.SUBMITTED)
    for who in others:
        assert state(app, issue) == "sending"
        settle(who, DeliveryState.SUBMITTED)
    assert state(app, issue) == "sent"
    assert progress(app, issue) == issues.Progress(30, 0, 0, 29, 1, 0, 0)
    before = receiver.book()
    with app.database.begin() as session:
        assert issues.retry(session, session.get_one(Issue, issue), who="editor", now=NOON) == 1
    drain(app)
    assert receiver.book() - before == {first: 1}
    assert state(app, issue) == "sent"


def test_an_issue_that_everybody_has_got_is_not_called_cancelled(house: Make) -> None:
    issue = 0

    def answer(envelope: Envelope) -> SendResult:
        if envelope.address == address(3):
            with app.database.begin() as session:
                issues.pause(session, session.get_one(Issue, issue), who="editor", now=NOON)
        return SUBMITTED

    app, receiver = house(stepwise=True, answer=answer)
    issue = schedule(app, add_people(app, 3))
    start(app)
    drain(app)
    assert (state(app, issue), receiver.book().total()) == ("paused", 3)

    def cancel() -> None:
        with app.database.begin() as session:
            issues.cancel(session, session.get_one(Issue, issue), who="editor", now=NOON)

    with pytest.raises(IssueError, match="everybody was mailed already") as refused:
        cancel()
    assert "resume" in refused.value.mend
    assert state(app, issue) == "paused"
