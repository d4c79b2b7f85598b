"""Calls in doubt that nothing is heard of, mailed again where that was chosen (ENGINE §5)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from newsletter import dispatcher, issues
from newsletter.app import App
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.models import Batch, DeliveryState, EventPost, Issue, StoredEvent
from newsletter.worker.tick import Round
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
    steps,
    subscriber_id,
)
from tests.newsletter.receiver import SUBMITTED, Receiver

LATER = NOON + timedelta(minutes=31)


def lost_first_call(house: Make, **settings: object) -> tuple[App, Receiver, int]:
    """Send an issue to four people in two calls; the answer to the first was lost."""
    app, receiver = house(reports=True, answer=silent_about(1, 2), **settings)
    issue = schedule(app, add_people(app, 4))
    start(app, size=2)
    drain(app)
    assert progress(app, issue).in_doubt == 2
    receiver.answer = lambda _: SUBMITTED
    return app, receiver, issue


def silent_about(*numbers: int) -> Callable[[Envelope], SendResult]:
    lost = {address(number) for number in numbers}

    def answer(envelope: Envelope) -> SendResult:
        if envelope.address in lost:
            return SendResult(SendStatus.IN_DOUBT, "no answer")
        return SUBMITTED

    return answer


def hear(app: App, issue: int, number: int, *, at: datetime, source: str = "receiver") -> None:
    with app.database.begin() as session:
        session.add(
            StoredEvent(
                source=source,
                source_id=f"{number}",
                type="delivered",
                issue_id=issue,
                subscriber_id=subscriber_id(app, number),
                at=at,
                received_at=at,
            )
        )


def again(app: App, *, now: datetime = LATER) -> int:
    return dispatcher.resend_silent(app.database, who="worker", now=now)


def test_a_call_that_is_silent_while_others_are_heard_of_is_made_again(house: Make) -> None:
    app, receiver, issue = lost_first_call(house)
    hear(app, issue, 3, at=NOON + timedelta(minutes=2))
    assert again(app) == 2
    assert again(app) == 0
    drain(app, now=LATER)
    assert receiver.book() == {address(1): 2, address(2): 2, address(3): 1, address(4): 1}
    assert state(app, issue) == "sent"
    assert ("resend", "worker") in steps(app, issue)


def test_a_second_attempt_bears_a_name_of_its_own(house: Make) -> None:
    """A late report on the first attempt is told from one on the second (SG-7)."""
    app, receiver, issue = lost_first_call(house)
    hear(app, issue, 3, at=NOON + timedelta(minutes=2))
    before = list(receiver.calls)
    again(app)
    drain(app, now=LATER)
    assert set(receiver.calls[len(before) :]).isdisjoint(before)


@pytest.mark.parametrize(
    ("heard", "source", "minutes", "now"),
    [
        (None, "", 0, LATER),
        (3, "receiver", 2, NOON + timedelta(minutes=29)),
        (3, "receiver", -2, LATER),
        (3, "own", 2, LATER),
        (1, "receiver", 2, LATER),
        (1, "own", 2, LATER),
    ],
)
def test_who_may_have_it_is_not_mailed_again(
    house: Make, heard: int | None, source: str, minutes: int, now: datetime
) -> None:
    """Nobody heard of; too early; heard of before; not by the provider; and one of them has it."""
    app, _, issue = lost_first_call(house)
    if heard:
        hear(app, issue, heard, at=NOON + timedelta(minutes=minutes), source=source)
        if heard == 1:
            hear(app, issue, 4, at=NOON + timedelta(minutes=3))
    assert again(app, now=now) == 0
    assert progress(app, issue).in_doubt == 2


def test_of_a_call_that_a_person_settled_in_part_nobody_is_mailed_again(house: Make) -> None:
    app, _, issue = lost_first_call(house)
    hear(app, issue, 3, at=NOON + timedelta(minutes=2))
    with app.database.begin() as session:
        issues.settle(
            session,
            session.get_one(Issue, issue),
            DeliveryState.SUBMITTED,
            person=subscriber_id(app, 1),
            who="editor",
            now=NOON,
        )
    assert again(app) == 0


def test_while_a_post_of_reports_is_not_read_nobody_is_mailed_again(house: Make) -> None:
    """It may be about them, also when it cannot be read at all."""
    app, _, issue = lost_first_call(house)
    hear(app, issue, 3, at=NOON + timedelta(minutes=2))
    with app.database.begin() as session:
        session.add(
            EventPost(
                source="sendgrid",
                body=b"{",
                received_at=NOON + timedelta(minutes=3),
                error="no array",
            )
        )
    assert again(app) == 0


def test_an_issue_that_was_stopped_stays_as_it_is(house: Make) -> None:
    app, _, issue = lost_first_call(house)
    hear(app, issue, 3, at=NOON + timedelta(minutes=2))
    with app.database.begin() as session:
        issues.pause(session, session.get_one(Issue, issue), who="editor", now=NOON)
    assert again(app) == 0


def test_a_mail_of_a_provider_that_goes_step_by_step_is_not_sent_again(house: Make) -> None:
    app, _, issue = lost_first_call(house)
    hear(app, issue, 3, at=NOON + timedelta(minutes=2))
    with app.database.begin() as session:
        session.execute(update(Batch).values(at_once=1))
    assert again(app) == 0


@pytest.mark.parametrize(
    ("chosen", "state_of_first"), [("hold", "in_doubt"), ("resend", "pending")]
)
def test_a_worker_does_so_where_it_was_chosen(
    house: Make, chosen: str, state_of_first: str
) -> None:
    keys = ("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE" + "A" * 86 + "==",)
    app, _, issue = lost_first_call(house, in_doubt=chosen, sendgrid_webhook_keys=keys)
    hear(app, issue, 3, at=NOON + timedelta(minutes=2))
    one = Round(app, clock=lambda: LATER)
    one.keep_house()
    one.close()
    with app.database.read() as session:
        found = session.scalars(select(Batch.state).order_by(Batch.batch_no.desc())).all()
    assert state_of_first in found
    assert hand(app, now=LATER).send_one() is (chosen == "resend")
