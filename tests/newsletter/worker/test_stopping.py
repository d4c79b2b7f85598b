"""How far an issue goes on after `pause`, with the worker that sends it."""

import time
from threading import Event

from newsletter import issues
from newsletter.app import App
from newsletter.message import Envelope, SendResult
from newsletter.models import Issue
from newsletter.worker.local import run
from subscribers.database import now
from tests.newsletter.house import Make, add_people, progress, schedule, start, state
from tests.newsletter.receiver import SUBMITTED, Receiver


class Stop:
    """Answers as a server does that needs some time, and pauses the issue after so many mails."""

    def __init__(self, after: int, latency: float) -> None:
        self.app: App
        self.receiver: Receiver
        self.issue = 0
        self.mails = self.calls = 0
        self.began = 0.0
        self.rate = 0.0
        self._after = after
        self._latency = latency
        self._mails = iter(range(1, 1_000_000))

    def __call__(self, envelope: Envelope) -> SendResult:
        number = next(self._mails)
        if number == 1:
            self.began = time.monotonic()
        if number == self._after:
            self.rate = number / (time.monotonic() - self.began)
            with self.app.database.begin() as session:
                issue = session.get_one(Issue, self.issue)
                issues.pause(session, issue, who="editor", now=now())
            # Who claims waits for the pause or is before it: from here on nobody does.
            self.mails, self.calls = len(self.receiver.envelopes), len(self.receiver.calls)
        Event().wait(self._latency)
        return SUBMITTED


def sent(
    house: Make, stop: Stop, people: int, size: int, *, lanes: int, stepwise: bool
) -> Receiver:
    stop.app, receiver = house(stepwise=stepwise, answer=stop, batch_size=size)
    receiver.lanes, stop.receiver = lanes, receiver
    at = now()
    stop.issue = schedule(stop.app, add_people(stop.app, people), now=at)
    start(stop.app, size, now=at)
    run(stop.app, until_idle=True)
    assert state(stop.app, stop.issue) == "paused"
    seen = progress(stop.app, stop.issue)
    assert (seen.sending, seen.in_doubt) == (0, 0)
    assert seen.submitted == len(receiver.envelopes) == sum(receiver.book().values())
    return receiver


def test_ten_slow_connections_stop_in_the_middle_of_their_batches(house: Make) -> None:
    """At most 1,000 recipients, or what two seconds bring, of the 3,000 that were claimed."""
    stop = Stop(after=200, latency=0.02)
    receiver = sent(house, stop, 3000, 300, lanes=10, stepwise=True)
    assert len(receiver.envelopes) - stop.mails <= max(1000, 2 * stop.rate)
    with stop.app.database.begin() as session:
        issues.resume(session, session.get_one(Issue, stop.issue), who="editor", now=now())
    assert progress(stop.app, stop.issue).pending == 3000 - len(receiver.envelopes)


def test_of_calls_for_many_those_end_that_were_under_way(house: Make) -> None:
    stop = Stop(after=150, latency=0.0)
    receiver = sent(house, stop, 2000, 100, lanes=3, stepwise=False)
    assert len(receiver.calls) - stop.calls < 3
