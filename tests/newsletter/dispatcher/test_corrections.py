"""A correction goes to whom an issue reached, and to nobody else."""

import pytest

from newsletter import dispatcher, issues
from newsletter.errors import IssueError
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.models import DeliveryState, Issue
from subscribers import store
from subscribers.models import SuppressionReason
from subscribers.store import Visit
from tests.newsletter.dispatcher.test_amending import amend, pause, resume
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    claimed,
    drain,
    hand,
    lease_is_over,
    schedule,
    start,
    state,
    steps,
    subscriber_id,
    those,
)
from tests.newsletter.receiver import SUBMITTED


def test_it_goes_to_who_has_the_issue_and_may_still_be_mailed(house: Make) -> None:
    def answer(envelope: Envelope) -> SendResult:
        bad = envelope.address == address(3)
        return SendResult(SendStatus.FAILED, "550 no such user") if bad else SUBMITTED

    app, receiver = house(stepwise=True, answer=answer)
    list_id = add_people(app, 8)
    with app.database.begin() as session:
        store.suppress(session, address(4), SuppressionReason.MANUAL, now=NOON)
    first = schedule(app, list_id, key="first")
    start(app)
    drain(app)
    with app.database.begin() as session:
        store.unsuppress(session, address(4), reason="a mistake", now=NOON)
        store.unsubscribe(session, list_id, subscriber_id(app, 5), visit=Visit(), now=NOON)
        store.suppress(session, address(6), SuppressionReason.COMPLAINED, now=NOON)
        row = session.get_one(Issue, first)
    receiver.envelopes.clear()
    correction = schedule(app, list_id, key="correction", corrects=row)
    start(app)
    drain(app)
    assert [one.address for one in receiver.envelopes] == [address(n) for n in (1, 2, 7, 8)]
    assert state(app, correction) == "sent"


def test_of_an_amended_issue_it_goes_to_who_has_an_earlier_text(house: Make) -> None:
    app, receiver = house(stepwise=True)
    list_id = add_people(app, 30)
    first = schedule(app, list_id, key="first")
    start(app)
    hand(app).send_one()
    pause(app, first)
    amend(app, first)
    resume(app, first)
    drain(app)
    with app.database.read() as session:
        row = session.get_one(Issue, first)
    schedule(app, list_id, key="correction", corrects=row)
    start(app)
    drain(app)
    assert receiver.book() == {address(n): 2 if n <= 10 else 1 for n in range(1, 31)}


def test_it_waits_until_the_last_call_of_the_issue_has_ended(house: Make) -> None:
    app, receiver = house(stepwise=False)
    list_id = add_people(app, 20)
    first = schedule(app, list_id, key="first")
    start(app)
    hand(app).send_one()
    claimed(app)
    with app.database.read() as session:
        row = session.get_one(Issue, first)
        with pytest.raises(IssueError, match="is sending"):
            issues.require_still(session, row)
    pause(app, first)
    correction = schedule(app, list_id, key="correction", corrects=row)
    assert dispatcher.start_due(app.database, size=10, who="worker", now=NOON) == 0
    assert state(app, correction) == "scheduled"
    lease_is_over(app)
    dispatcher.sweep(app.database, who="worker", now=NOON)
    assert len(those(app, first, DeliveryState.IN_DOUBT)) == 10
    start(app)
    drain(app)
    # Who is in doubt gets none.
    assert receiver.book() == {address(n): 2 for n in range(1, 11)}
    with app.database.read() as session:
        log = issues.steps(session, session.get_one(Issue, correction))
    assert log[1].detail.endswith("to those whom first reached")
    assert [step for step, _ in steps(app, correction)][-1] == "finish"


def test_nothing_corrects_an_issue_that_reached_nobody(house: Make) -> None:
    app, _ = house()
    first = schedule(app, add_people(app, 1), at=NOON.replace(hour=18))
    with app.database.read() as session, pytest.raises(IssueError, match="reached nobody"):
        issues.require_still(session, session.get_one(Issue, first))
