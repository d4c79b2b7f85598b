"""What is written down before and after each call, and what a death leaves."""

import pytest
from sqlalchemy import select, update

from newsletter import dispatcher, issues
from newsletter.dispatcher.conclusion import Ending, conclude
from newsletter.dispatcher.fence import LeaseLost
from newsletter.dispatcher.journal import Journal
from newsletter.dispatcher.scribe import Scribe
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.models import (
    Alert,
    DeliveryState,
    Issue,
)
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    batches,
    claimed,
    drain,
    lease_is_over,
    progress,
    schedule,
    start,
    state,
    subscriber_id,
    those,
    wait_is_over,
)
from tests.newsletter.receiver import SUBMITTED, accept


def test_a_defect_of_a_provider_leaves_only_the_next_one_in_doubt(house: Make) -> None:
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 10))
    start(app)

    def answer(envelope: Envelope) -> SendResult:
        if envelope.address == address(4):
            raise ZeroDivisionError
        return SUBMITTED

    receiver.answer = answer
    drain(app)
    assert those(app, issue, DeliveryState.IN_DOUBT) == [address(4)]
    assert progress(app, issue) == issues.Progress(10, 6, 0, 3, 0, 1, 0)
    assert state(app, issue) == "paused"


def test_a_defect_in_a_whole_call_leaves_the_batch_in_doubt(house: Make) -> None:
    app, receiver = house(stepwise=False)
    issue = schedule(app, add_people(app, 20))
    start(app)

    def answer(envelope: Envelope) -> SendResult:
        if envelope.address == address(4):
            raise ZeroDivisionError
        return SUBMITTED

    receiver.answer = answer
    drain(app)
    assert progress(app, issue) == issues.Progress(20, 10, 0, 3, 0, 7, 0)


def test_a_claim_is_visible_to_others_before_the_provider_is_called(house: Make) -> None:
    app, receiver = house(stepwise=True)
    schedule(app, add_people(app, 3))
    start(app)
    seen = []

    def answer(envelope: Envelope) -> SendResult:
        seen.append([row[1] for row in batches(app)])
        with app.database.begin() as session:  # no transaction is open during the call
            session.execute(update(Issue).values(title="touched"))
        return SUBMITTED

    receiver.answer = answer
    drain(app)
    assert seen == [["sending"]] * 3


def test_each_acknowledged_recipient_is_durable_before_the_next_is_sent(house: Make) -> None:
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 9))
    start(app)
    seen = []

    def answer(envelope: Envelope) -> SendResult:
        seen.append((progress(app, issue).submitted, those(app, issue, DeliveryState.SUBMITTED)))
        return SUBMITTED

    receiver.answer = answer
    drain(app)
    everybody = [address(number) for number in range(1, 10)]
    assert seen == [(n, everybody[:n]) for n in range(9)]


def test_a_dead_stepwise_call_leaves_only_the_next_one_in_doubt(house: Make) -> None:
    """R-1, R-2."""
    app, _ = house(stepwise=True)
    issue = schedule(app, add_people(app, 10))
    start(app)
    dead = claimed(app)
    journal = Journal(Scribe(app.database), dead, stepwise=True, clock=lambda: NOON)
    journal.note([SUBMITTED])
    journal.note([SendResult(SendStatus.FAILED, "550")])
    journal.note([SendResult(SendStatus.LATER, "451")])
    lease_is_over(app)
    assert dispatcher.sweep(app.database, who="worker", now=NOON) == 1
    assert progress(app, issue) == issues.Progress(10, 7, 0, 1, 1, 1, 0)
    assert those(app, issue, DeliveryState.FAILED) == [address(2)]
    assert those(app, issue, DeliveryState.IN_DOUBT) == [address(4)]
    assert address(3) in those(app, issue, DeliveryState.PENDING)
    assert dispatcher.sweep(app.database, who="worker", now=NOON) == 0
    wait_is_over(app)
    drain(app)
    assert progress(app, issue) == issues.Progress(10, 0, 0, 8, 1, 1, 0)
    assert state(app, issue) == "sending"


def test_a_dead_call_leaves_as_many_in_doubt_as_it_has_on_its_way_at_once(house: Make) -> None:
    """R-1, R-2."""
    app, receiver = house(stepwise=True)
    receiver.at_once = 3
    issue = schedule(app, add_people(app, 10))
    start(app)
    journal = Journal(Scribe(app.database), claimed(app), stepwise=True, clock=lambda: NOON)
    journal.note([SUBMITTED, SendResult(SendStatus.FAILED, "550"), SUBMITTED])
    # Whoever sweeps up may have another number of connections by now.
    receiver.at_once = 1
    lease_is_over(app)
    assert dispatcher.sweep(app.database, who="worker", now=NOON) == 1
    assert progress(app, issue) == issues.Progress(10, 4, 0, 2, 1, 3, 0)
    assert those(app, issue, DeliveryState.IN_DOUBT) == [address(4), address(5), address(6)]


def test_a_death_behind_an_error_leaves_no_more_in_doubt_than_were_on_their_way(
    house: Make,
) -> None:
    """R-2: nobody is called after it."""
    app, receiver = house(stepwise=True)
    receiver.at_once = 3
    issue = schedule(app, add_people(app, 10))
    start(app)
    journal = Journal(Scribe(app.database), claimed(app), stepwise=True, clock=lambda: NOON)
    journal.note([SendResult(SendStatus.UNTRIED), SendResult(SendStatus.UNTRIED), SUBMITTED])
    lease_is_over(app)
    assert dispatcher.sweep(app.database, who="worker", now=NOON) == 1
    assert progress(app, issue) == issues.Progress(10, 6, 0, 1, 0, 3, 0)


@pytest.mark.parametrize("outcome", [DeliveryState.SUBMITTED, DeliveryState.FAILED])
def test_who_was_settled_before_the_dead_are_swept_up_after_stays_settled(
    house: Make, outcome: DeliveryState
) -> None:
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 10))
    start(app)
    dead = claimed(app)
    journal = Journal(Scribe(app.database), dead, stepwise=True, clock=lambda: NOON)
    journal.note([SUBMITTED])
    journal.note([SendResult(SendStatus.IN_DOUBT, "no answer to the final dot")])
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        assert issues.settle(session, row, outcome, who="editor", now=NOON) == 1
    lease_is_over(app)
    assert dispatcher.sweep(app.database, who="worker", now=NOON) == 1
    assert address(2) in those(app, issue, outcome)
    assert those(app, issue, DeliveryState.IN_DOUBT) == [address(3)]
    drain(app)
    assert set(receiver.book()) == {address(number) for number in range(4, 11)}


@pytest.mark.parametrize("outcome", [DeliveryState.SUBMITTED, DeliveryState.FAILED])
@pytest.mark.parametrize("by_a_person", [True, False])
def test_who_was_settled_before_their_call_ended_stays_settled(
    house: Make, outcome: DeliveryState, by_a_person: bool
) -> None:
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 10))
    start(app)

    def settle() -> None:
        with app.database.begin() as session:
            if by_a_person:
                row = session.get_one(Issue, issue)
                assert issues.settle(session, row, outcome, who="editor", now=NOON) == 1
            else:
                person = subscriber_id(app, 2)
                assert issues.settle_one(session, issue, person, outcome, "told", now=NOON)

    def answer(envelope: Envelope) -> SendResult:
        if envelope.address == address(2):
            return SendResult(SendStatus.IN_DOUBT, "no answer to the final dot")
        if envelope.address == address(4):
            return SendResult(SendStatus.LATER, "451")
        if envelope.address == address(5):
            settle()
        return SUBMITTED

    receiver.answer = answer
    drain(app)
    assert address(2) in those(app, issue, outcome)
    assert those(app, issue, DeliveryState.IN_DOUBT) == []
    assert those(app, issue, DeliveryState.PENDING) == [address(4)]
    with app.database.read() as session:
        assert session.scalars(select(Alert.cause)).all() == []
    receiver.answer = accept
    wait_is_over(app)
    drain(app)
    assert state(app, issue) == "sent"


def test_a_dead_whole_call_is_in_doubt_and_never_sent_again_by_itself(house: Make) -> None:
    """R-2."""
    app, receiver = house(stepwise=False)
    issue = schedule(app, add_people(app, 15))
    start(app)
    claimed(app)
    lease_is_over(app)
    assert dispatcher.sweep(app.database, who="worker", now=NOON) == 1
    drain(app)
    assert progress(app, issue) == issues.Progress(15, 0, 0, 5, 0, 10, 0)
    assert sum(receiver.book().values()) == 5
    assert state(app, issue) == "sending"


def test_a_living_lease_is_left_alone(house: Make) -> None:
    app, _ = house(stepwise=True)
    schedule(app, add_people(app, 5))
    start(app)
    claimed(app)
    assert dispatcher.sweep(app.database, who="worker", now=NOON) == 0
    assert dispatcher.sweep(app.database, who="worker", now=NOON, orphaned=True) == 1


@pytest.mark.parametrize("stepwise", [True, False])
def test_a_stale_owner_changes_nothing(house: Make, stepwise: bool) -> None:
    """R-2."""
    app, _ = house(stepwise=stepwise)
    issue = schedule(app, add_people(app, 10))
    start(app)
    stale = claimed(app, owner="the slow one")
    journal = Journal(Scribe(app.database), stale, stepwise=stepwise, clock=lambda: NOON)
    journal.note([SUBMITTED])
    lease_is_over(app)
    dispatcher.sweep(app.database, who="worker", now=NOON)
    drain(app)
    before = batches(app), progress(app, issue)
    if stepwise:
        with pytest.raises(LeaseLost):
            journal.note([SUBMITTED])
        with pytest.raises(LeaseLost):
            journal.note([SendResult(SendStatus.FAILED, "550")])
    with pytest.raises(LeaseLost), app.database.begin() as session:
        conclude(
            session,
            stale,
            [SUBMITTED] * 10,
            Ending(),
            noted=stepwise,
            who="worker",
            now=NOON,
        )
    assert (batches(app), progress(app, issue)) == before
