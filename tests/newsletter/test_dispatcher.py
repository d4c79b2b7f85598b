"""The dispatcher: who is mailed, what is written down, and what a death leaves."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from newsletter import dispatcher, issues
from newsletter.app import App
from newsletter.dispatcher.conclusion import MOST_ATTEMPTS, Ending, conclude
from newsletter.dispatcher.fence import LeaseLost
from newsletter.dispatcher.journal import Journal
from newsletter.dispatcher.scribe import Scribe
from newsletter.dispatcher.sender import Sender
from newsletter.errors import ProviderMisused, ProviderRefused, ProviderUnavailable
from newsletter.links import Goodbye
from newsletter.message import Envelope, SendResult, SendStatus, fill_holes
from newsletter.models import (
    Batch,
    BatchState,
    Delivery,
    DeliveryState,
    HoldReason,
    Issue,
    Turn,
)
from newsletter.pace import letters_are_free
from subscribers import store
from subscribers.models import SuppressionReason
from subscribers.store import Visit
from tests.newsletter.house import (
    NOON,
    add_people,
    address,
    open_house,
    progress,
    schedule,
    state,
    steps,
    subscriber_id,
    those,
)
from tests.newsletter.receiver import SUBMITTED, Receiver, accept

Make = Callable[..., tuple[App, Receiver]]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[Make]:
    opened: list[App] = []

    def make(**options: object) -> tuple[App, Receiver]:
        receiver = Receiver(tmp_path / "book", **options)  # type: ignore[arg-type]
        app = open_house(database_url, tmp_path, receiver)
        opened.append(app)
        return app, receiver

    yield make
    for app in opened:
        app.database.close()


def start(app: App, size: int = 10) -> None:
    assert dispatcher.start_due(app.database, size=size, who="worker", now=NOON) == 1


def sender(app: App) -> Sender:
    return Sender(app.database, app.links, app.provider, clock=lambda: NOON)


def drain(app: App) -> None:
    hand = sender(app)
    while hand.send_one():
        pass


def claimed(app: App, owner: str = "somebody") -> dispatcher.Claimed:
    with app.database.begin() as session:
        found = dispatcher.claim(session, app.provider, owner=owner, now=NOON)
    assert found
    return found


def wait_is_over(app: App) -> None:
    with app.database.begin() as session:
        session.execute(update(Batch).values(not_before=None))
        session.execute(update(Turn).values(at=0.0))


def lease_is_over(app: App) -> None:
    with app.database.begin() as session:
        session.execute(update(Batch).values(lease_until=NOON - timedelta(days=365)))


def batches(app: App) -> list[tuple[int, str, int, int, int | None]]:
    with app.database.read() as session:
        rows = session.execute(
            select(Batch.batch_no, Batch.state, Batch.n, Batch.attempt, Batch.parent).order_by(
                Batch.batch_no
            )
        )
        return [(no, state_, n, attempt, parent) for no, state_, n, attempt, parent in rows]


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
    app, receiver = house()
    issue = schedule(app, add_people(app, 0))
    start(app)
    assert state(app, issue) == "sent"
    assert receiver.calls == []


def test_the_audience_is_frozen_into_batches_by_ascending_subscriber(house: Make) -> None:
    app, _ = house()
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
    app, receiver = house()
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
    app, receiver = house()
    list_id = add_people(app, 30)
    issue = schedule(app, list_id)
    start(app)
    hand = sender(app)
    hand.send_one()
    with app.database.begin() as session:
        visit = Visit()
        store.unsubscribe(session, list_id, subscriber_id(app, 15), visit=visit, now=NOON)
        store.pause(session, list_id, subscriber_id(app, 16), visit=visit, now=NOON)
        store.suppress(session, address(25), SuppressionReason.COMPLAINED, now=NOON)
        # A domain beside it makes two of nobody.
        store.suppress(session, "@elsewhere.example", SuppressionReason.MANUAL, now=NOON)
    while hand.send_one():
        pass
    left = [address(15), address(16), address(25)]
    assert set(left).isdisjoint(receiver.book())
    assert those(app, issue, DeliveryState.SKIPPED) == left
    assert progress(app, issue) == issues.Progress(30, 0, 0, 27, 0, 0, 3)
    assert state(app, issue) == "sent"


def test_an_envelope_carries_the_persons_own_token_in_links_and_headers(house: Make) -> None:
    app, receiver = house()
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

    app, receiver = house(answer=answer)
    issue = schedule(app, add_people(app, 2))
    start(app)
    for _ in range(MOST_ATTEMPTS):
        drain(app)
        wait_is_over(app)
    assert len(receiver.calls) == MOST_ATTEMPTS
    assert progress(app, issue) == issues.Progress(2, 0, 0, 0, 2, 0, 0)
    assert state(app, issue) == "sent"


def test_how_long_a_provider_wants_to_be_left_alone_holds_for_every_worker(house: Make) -> None:
    """RULES 1.2, 429: at most one request before Reset, whoever it was that heard of it."""
    app, receiver = house()
    schedule(app, add_people(app, 30))
    start(app)

    def busy(_: Envelope) -> SendResult:
        raise ProviderUnavailable("429 too many requests", retry_after=60)

    def send_at(seconds: float) -> bool:
        # Another process: it knows only what the rows say.
        at = NOON + timedelta(seconds=seconds)
        return Sender(app.database, app.links, receiver, clock=lambda: at).send_one()

    receiver.answer = busy
    assert send_at(0)
    receiver.answer = accept
    assert [send_at(seconds) for seconds in (1, 30, 59.9)] == [False] * 3
    assert len(receiver.calls) == 1
    with app.database.read() as session:
        assert not letters_are_free(session, NOON + timedelta(seconds=59))
    assert send_at(60.1)


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
    assert sender(app).send_one()
    assert progress(app, issue) == issues.Progress(10, 6, 0, 4, 0, 0, 0)
    assert batches(app) == [(1, "submitted", 4, 1, None), (2, "pending", 6, 0, 1)]
    wait_is_over(app)
    assert sender(app).send_one()
    assert batches(app) == [(1, "submitted", 4, 1, None), (2, "pending", 6, 0, 1)]
    assert state(app, issue) == "sending"
    down = False
    wait_is_over(app)
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 11)}


def test_an_outage_that_persists_holds_the_issue_until_it_resumes_by_itself(house: Make) -> None:
    app, receiver = house()
    issue = schedule(app, add_people(app, 10))
    start(app)

    def answer(envelope: Envelope) -> SendResult:
        raise ProviderUnavailable("connection refused", retry_after=0)

    receiver.answer = answer
    hand = sender(app)
    for _ in range(3):
        hand.send_one()
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
    app, receiver = house()
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
    journal.note(SUBMITTED)
    journal.note(SendResult(SendStatus.FAILED, "550"))
    journal.note(SendResult(SendStatus.LATER, "451"))
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
    app, _ = house()
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
    journal.note(SUBMITTED)
    lease_is_over(app)
    dispatcher.sweep(app.database, who="worker", now=NOON)
    drain(app)
    before = batches(app), progress(app, issue)
    if stepwise:
        with pytest.raises(LeaseLost):
            journal.note(SUBMITTED)
        with pytest.raises(LeaseLost):
            journal.note(SendResult(SendStatus.FAILED, "550"))
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


def test_a_paused_issue_is_not_claimed_and_goes_on_where_it_stopped(house: Make) -> None:
    """R-2, R-3."""
    app, receiver = house()
    issue = schedule(app, add_people(app, 30))
    start(app)
    hand = sender(app)
    for _ in range(20):
        hand.send_one()
        with app.database.begin() as session:
            row = session.get_one(Issue, issue)
            if row.state != "sent":
                issues.pause(session, row, who="editor", now=NOON)
        assert not hand.send_one()
        with app.database.begin() as session:
            row = session.get_one(Issue, issue)
            if row.state != "sent":
                issues.resume(session, row, who="editor", now=NOON)
    assert receiver.book() == {address(number): 1 for number in range(1, 31)}


def test_an_issue_due_an_hour_ago_waits_for_a_person(house: Make) -> None:
    """R-5."""
    app, receiver = house()
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
    app, _ = house()
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

    app, receiver = house(answer=answer)
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
        assert (
            issues.settle(session, row, outcome, who="editor", now=NOON) == doubtful  # type: ignore[arg-type]
        )
    figures = progress(app, issue)
    assert figures.in_doubt == 0
    assert figures.failed == (doubtful if outcome == "failed" else 0)
    assert state(app, issue) == "sent"
    assert ("settle", "editor") in steps(app, issue)
