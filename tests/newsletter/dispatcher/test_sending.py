"""Who is mailed, and what a refusal of one changes."""

from typing import Any

import pytest
from sqlalchemy import select

from newsletter import issues
from newsletter.cli.standing import shown
from newsletter.dispatcher.conclusion import MOST_ATTEMPTS
from newsletter.links import Goodbye
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.models import (
    Batch,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
)
from newsletter.slots import fill_holes
from subscribers import store
from subscribers.erasure import erase
from subscribers.models import Subscriber, SuppressionReason
from subscribers.store import Visit
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
    steps,
    subscriber_id,
    those,
    wait_is_over,
)
from tests.newsletter.receiver import SUBMITTED


@pytest.mark.parametrize("stepwise", [True, False])
def test_everybody_gets_one_mail_and_the_issue_is_sent(house: Make, stepwise: bool) -> None:
    """R-1."""
    app, receiver = house(stepwise=stepwise)
    issue = schedule(app, add_people(app, 25))
    start(app)
    assert state(app, issue) == "sending"
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 26)}
    assert len(receiver.calls) == 3
    assert progress(app, issue) == issues.Progress(25, 0, 0, 25, 0, 0, 0)
    assert state(app, issue) == "sent"
    assert [step for step, _ in steps(app, issue)] == ["draft", "schedule", "start", "finish"]


def test_an_issue_nobody_is_to_get_is_sent_too(house: Make) -> None:
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 0))
    start(app)
    assert state(app, issue) == "sent"
    assert receiver.calls == []


def test_the_audience_is_frozen_into_batches_by_ascending_subscriber(house: Make) -> None:
    app, _ = house(stepwise=True)
    schedule(app, add_people(app, 25))
    start(app)
    with app.database.read() as session:
        rows = session.execute(
            select(Delivery.batch_no, Delivery.subscriber_id).order_by(Delivery.subscriber_id)
        ).all()
        bounds = session.execute(select(Batch.lo, Batch.hi, Batch.n).order_by(Batch.batch_no)).all()
    people = [person for _, person in rows]
    assert [number for number, _ in rows] == [1] * 10 + [2] * 10 + [3] * 5
    assert [tuple(row) for row in bounds] == [
        (people[0], people[9], 10),
        (people[10], people[19], 10),
        (people[20], people[24], 5),
    ]


def test_whoever_joins_after_the_freeze_waits_for_the_next_issue(house: Make) -> None:
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 5))
    start(app)
    with app.database.begin() as session:
        list_ = store.find_list(session)
        from subscribers.address import parse

        store.add(session, list_, parse("late@readers.example"), visit=Visit(), now=NOON)
    drain(app)
    assert "late@readers.example" not in receiver.book()
    assert progress(app, issue).total == 5


def test_who_leaves_pauses_or_is_suppressed_in_the_middle_is_not_mailed(house: Make) -> None:
    """DL-3."""
    app, receiver = house(stepwise=True)
    list_id = add_people(app, 30)
    issue = schedule(app, list_id)
    start(app)
    worker = hand(app)
    worker.send_one()
    with app.database.begin() as session:
        visit = Visit()
        store.unsubscribe(session, list_id, subscriber_id(app, 15), visit=visit, now=NOON)
        store.pause(session, list_id, subscriber_id(app, 16), visit=visit, now=NOON)
        store.suppress(session, address(25), SuppressionReason.COMPLAINED, now=NOON)
        # A domain beside it makes two of nobody.
        store.suppress(session, "@elsewhere.example", SuppressionReason.MANUAL, now=NOON)
    while worker.send_one():
        pass
    left = [address(15), address(16), address(25)]
    assert set(left).isdisjoint(receiver.book())
    assert those(app, issue, DeliveryState.SKIPPED) == left
    assert progress(app, issue) == issues.Progress(30, 0, 0, 27, 0, 0, 3)
    assert state(app, issue) == "sent"


def test_of_each_who_is_skipped_it_is_said_why(house: Make) -> None:
    """DL-3."""
    app, receiver = house(stepwise=True)
    list_id = add_people(app, 6)
    people = [subscriber_id(app, number) for number in range(1, 6)]
    schedule(app, list_id)
    start(app)
    with app.database.begin() as session:
        visit = Visit()
        store.unsubscribe(session, list_id, people[0], visit=visit, now=NOON)
        store.pause(session, list_id, people[1], visit=visit, now=NOON)
        store.suppress(session, address(3), SuppressionReason.COMPLAINED, now=NOON)
        erase(session, session.get_one(Subscriber, people[3]), actor="a", now=NOON)
        session.get_one(Subscriber, people[4]).email_key = "reader5@all.example"
        store.suppress(session, "@all.example", SuppressionReason.MANUAL, now=NOON)
    drain(app)
    assert receiver.book() == {address(6): 1}
    with app.database.read() as session:
        skipped = session.scalars(
            select(DeliveryException).order_by(DeliveryException.subscriber_id)
        ).all()
    assert [one.subscriber_id for one in skipped] == people
    why = ["unsubscribed", "paused", "suppressed", "erased", "suppressed"]
    assert [one.detail for one in skipped] == why


def test_an_envelope_carries_the_persons_own_token_in_links_and_headers(house: Make) -> None:
    app, receiver = house(stepwise=True)
    list_id = add_people(app, 3)
    issue = schedule(app, list_id)
    start(app)
    drain(app)
    for number, envelope in enumerate(receiver.envelopes, 1):
        person = subscriber_id(app, number)
        assert envelope.address == address(number)
        assert envelope.name == f"Reader {number}"
        assert app.links.unseal_delivery(envelope.token) == (issue, person)
        token = envelope.values["token"]
        assert app.links.read_goodbye(token) == Goodbye(list_id, person, issue)
    (email,) = receiver.emails
    leaving = dict(email.headers)["List-Unsubscribe"]
    assert fill_holes(leaving, envelope.value) == f"<{app.links.unsubscribe(token)}>"
    assert dict(email.headers)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "slot.invalid" not in email.html + email.text + str(email.headers)


@pytest.mark.parametrize("stepwise", [True, False])
def test_one_bad_address_fails_alone(house: Make, stepwise: bool) -> None:
    """R-6."""

    def answer(envelope: Envelope) -> SendResult:
        bad = envelope.address == address(4)
        return SendResult(SendStatus.FAILED, "550 5.1.1 no such user") if bad else SUBMITTED

    app, receiver = house(stepwise=stepwise, answer=answer)
    issue = schedule(app, add_people(app, 10))
    start(app)
    drain(app)
    assert those(app, issue, DeliveryState.FAILED) == [address(4)]
    assert progress(app, issue) == issues.Progress(10, 0, 0, 9, 1, 0, 0)
    assert state(app, issue) == "sent"
    assert len(receiver.calls) == 1


@pytest.mark.parametrize("stepwise", [True, False])
@pytest.mark.parametrize(
    ("words", "suppressed"),
    [
        ("RCPT: 550 5.1.1 <x>: Recipient address rejected: User unknown", True),
        ("RCPT: 550 no such user here", True),
        ("RCPT: 552 5.2.2 mailbox full", False),
        (".: 554 5.7.1 rejected as spam", False),
        ("RCPT: 550 5.1.1 listed at zen.spamhaus.org", False),
        ("400 a name that is none", False),
    ],
)
def test_an_address_that_the_mail_server_calls_nobodys_is_suppressed_at_once(
    house: Make, stepwise: bool, words: str, suppressed: bool
) -> None:
    """WH-9."""

    def answer(envelope: Envelope) -> SendResult:
        bad = envelope.address == address(4)
        return SendResult(SendStatus.FAILED, words) if bad else SUBMITTED

    app, _ = house(stepwise=stepwise, answer=answer)
    issue = schedule(app, add_people(app, 10))
    start(app)
    drain(app)
    assert those(app, issue, DeliveryState.FAILED) == [address(4)]
    with app.database.read() as session:
        found = {person: store.is_suppressed(session, address(person)) for person in range(1, 11)}
    assert [person for person, is_suppressed in found.items() if is_suppressed] == (
        [4] if suppressed else []
    )


@pytest.mark.parametrize("stepwise", [True, False])
@pytest.mark.parametrize("people", [1, 3])
def test_a_mailbox_that_is_full_in_the_call_for_three_issues_in_a_row_is_mailed_no_more(
    house: Make, people: int, stepwise: bool
) -> None:
    """WH-9: of a batch of its own, and of one with others."""
    full = {1, 2, 4, 5, 6}
    number = 0

    def answer(envelope: Envelope) -> SendResult:
        is_full = envelope.address == address(1) and number in full
        return SendResult(SendStatus.FAILED, "552 5.2.2 mailbox full") if is_full else SUBMITTED

    app, _ = house(stepwise=stepwise, answer=answer)
    list_id = add_people(app, people)
    suppressed = []
    for number in range(1, 7):
        schedule(app, list_id, key=f"n{number}")
        start(app)
        drain(app)
        with app.database.read() as session:
            suppressed.append(store.is_suppressed(session, address(1)))
    # The third issue reached it: only the row after that is one of three.
    assert suppressed == [False] * 5 + [True]


@pytest.mark.parametrize("stepwise", [True, False])
def test_who_is_refused_for_now_waits_in_a_batch_of_their_own(house: Make, stepwise: bool) -> None:
    """R-6."""
    greylisted = {address(3), address(7)}

    def answer(envelope: Envelope) -> SendResult:
        if envelope.address in greylisted:
            return SendResult(SendStatus.LATER, "451 4.7.1 greylisted")
        return SUBMITTED

    app, receiver = house(stepwise=stepwise, answer=answer)
    issue = schedule(app, add_people(app, 10))
    start(app)
    drain(app)
    assert batches(app) == [(1, "submitted", 8, 1, None), (2, "pending", 2, 1, 1)]
    assert those(app, issue, DeliveryState.PENDING) == sorted(greylisted)
    assert progress(app, issue) == issues.Progress(10, 2, 0, 8, 0, 0, 0)
    assert state(app, issue) == "sending"
    greylisted.clear()
    wait_is_over(app)
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 11)}
    assert state(app, issue) == "sent"


def test_who_is_refused_for_now_too_often_is_failed_with_the_reason(house: Make) -> None:
    def answer(envelope: Envelope) -> SendResult:
        return SendResult(SendStatus.LATER, "452 mailbox full")

    app, receiver = house(stepwise=True, answer=answer)
    issue = schedule(app, add_people(app, 2))
    start(app)
    for _ in range(MOST_ATTEMPTS):
        drain(app)
        wait_is_over(app)
    assert len(receiver.calls) == MOST_ATTEMPTS
    assert progress(app, issue) == issues.Progress(2, 0, 0, 0, 2, 0, 0)
    assert state(app, issue) == "sent"


def test_whoever_was_refused_for_now_is_waited_for_and_it_is_said(house: Make) -> None:
    app, receiver = house(stepwise=True)
    issue = schedule(app, add_people(app, 10))
    start(app)
    later = SendResult(SendStatus.LATER, "450 4.2.0 grey")
    receiver.answer = lambda envelope: later if envelope.address == address(4) else SUBMITTED
    drain(app)

    def about() -> dict[str, Any]:
        with app.database.read() as session:
            return shown(app, session, session.get_one(Issue, issue), NOON)

    assert about()["goes_on"].endswith("UTC, when who was refused for now is tried again")
    assert about()["done_at"] is None
    wait_is_over(app)
    assert about()["goes_on"] == ""
