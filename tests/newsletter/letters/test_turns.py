"""Letters and issues before one provider: who goes first, and who waits for whom."""

from datetime import timedelta

from newsletter import dispatcher
from newsletter.errors import ProviderUnavailable
from newsletter.message import Envelope, SendResult
from newsletter.worker.tick import Round
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    schedule,
    start,
    state,
)
from tests.newsletter.house import drain as drain_issues
from tests.newsletter.letters.writing import drain, write
from tests.newsletter.receiver import SUBMITTED, accept


def test_letters_go_before_the_batches_of_an_issue(house: Make) -> None:
    order = []

    def answer(envelope: Envelope) -> SendResult:
        order.append("letter" if "link" in envelope.values else "issue")
        return SUBMITTED

    app, _ = house(answer=answer)
    list_id = add_people(app, 3)
    schedule(app, list_id)
    write(app, 1)
    write(app, 2)
    one = Round(app, clock=lambda: NOON)
    assert one.tick()
    assert order == ["letter", "letter", "issue", "issue", "issue"]
    assert not one.tick()


def test_letters_do_not_wait_for_the_turn_of_an_issue_and_it_waits_for_theirs(house: Make) -> None:
    app, receiver = house(rate=1, stepwise=False)
    schedule(app, add_people(app, 40))
    start(app, size=30)
    drain_issues(app)
    assert len(receiver.envelopes) == 30
    for number in range(31, 37):
        write(app, number)
    drain(app)
    assert len(receiver.envelopes) == 35
    drain(app, after=5)
    assert len(receiver.envelopes) == 36
    drain_issues(app, now=NOON + timedelta(seconds=35))
    assert len(receiver.envelopes) == 36
    drain_issues(app, now=NOON + timedelta(seconds=36))
    assert len(receiver.envelopes) == 46


def test_letters_go_when_the_days_quota_is_spent_and_issues_get_the_less(house: Make) -> None:
    app, receiver = house(daily_quota=20, stepwise=False)
    schedule(app, add_people(app, 60))
    start(app)
    drain_issues(app)
    assert len(receiver.envelopes) == 19
    for number in range(20, 25):
        write(app, number)
    drain(app)
    assert len(receiver.envelopes) == 24
    day = 24 * 3600
    for number in range(25, 33):
        write(app, number)
    drain(app, after=day)
    drain_issues(app, now=NOON + timedelta(seconds=day))
    assert len(receiver.envelopes) == 24 + 8 + 12


def test_a_letter_that_goes_through_opens_the_way_for_issues(house: Make) -> None:
    app, receiver = house(stepwise=False)
    issue = schedule(app, add_people(app, 20))
    start(app)

    def away(envelope: Envelope) -> SendResult:
        raise ProviderUnavailable("connection refused")

    receiver.answer = away
    for seconds in (0, 10, 20):
        drain_issues(app, now=NOON + timedelta(seconds=seconds))
    assert state(app, issue) == "paused"
    write(app, 1)
    receiver.answer = accept
    drain(app, after=21)
    just_now = NOON + timedelta(seconds=21)
    assert dispatcher.resume_due(app.database, who="worker", now=just_now) == 1
    drain_issues(app, now=just_now)
    assert sum(receiver.book().values()) == 21


def test_letters_leave_a_provider_alone_for_as_long_as_it_says(house: Make) -> None:
    app, receiver = house(stepwise=False)
    schedule(app, add_people(app, 20))
    start(app)

    def busy(envelope: Envelope) -> SendResult:
        raise ProviderUnavailable("429 too many requests", retry_after=300)

    receiver.answer = busy
    drain_issues(app)
    write(app, 1)
    receiver.answer = accept
    drain(app, after=299)
    assert receiver.book() == {}
    drain(app, after=300)
    assert receiver.book() == {address(1): 1}
