"""The first wave: a random part goes first, and what becomes of it decides about the rest."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from newsletter import dispatcher, events, issues
from newsletter.app import App
from newsletter.errors import IssueError
from newsletter.issues.feedback import Feedback, feedback
from newsletter.issues.first_wave import first_wave, size_of
from newsletter.message import Envelope, Event, EventType, SendResult, SendStatus
from newsletter.models import Batch, Delivery, Issue
from subscribers.models import Subscriber
from tests.newsletter.house import (
    NOON,
    Make,
    add_people,
    address,
    drain,
    schedule,
    start,
    state,
    steps,
)
from tests.newsletter.receiver import SUBMITTED, Receiver

MINUTE = timedelta(minutes=1)


def tell(app: App, envelopes: Iterable[Envelope], kind: EventType) -> None:
    """Let the provider report the same of some mails."""
    told = [
        Event("double", f"{kind}-{one.token}", kind, NOON, token=one.token) for one in envelopes
    ]
    with app.database.begin() as session:
        events.record(session, app.links, told, now=NOON)


def watch(app: App, after: timedelta = timedelta()) -> int:
    return dispatcher.watch(app.database, hears=app.hears, who="worker", now=NOON + after)


def hold(app: App, issue: int) -> tuple[str, str]:
    with app.database.read() as session:
        row = session.get_one(Issue, issue)
        return row.state, row.hold_reason


def why(app: App, issue: int) -> str:
    with app.database.read() as session:
        return issues.steps(session, session.get_one(Issue, issue))[-1].detail


def begun(
    house: Make, *, people: int = 60, first: str = "20", reports: bool = True
) -> tuple[App, Receiver, int]:
    """Send the first wave of an issue."""
    app, receiver = house(reports=reports)
    issue = schedule(app, add_people(app, people), first=first)
    start(app, size=10)
    drain(app)
    return app, receiver, issue


@pytest.mark.parametrize(
    ("written", "people", "hears", "size"),
    [
        ("", 2000, True, 0),
        ("", 2001, True, 500),
        ("", 100_001, True, 1001),
        ("", 100_001, False, 0),
        ("0", 100_001, True, 0),
        ("7", 60, False, 7),
        ("2%", 1010, False, 21),
        ("60", 60, True, 0),
        ("100%", 60, True, 0),
    ],
)
def test_how_many_go_first(written: str, people: int, hears: bool, size: int) -> None:
    assert size_of(written, people, hears=hears) == size


@pytest.mark.parametrize("written", ["-1", "a few", "101%", "1.5", "2 %", "9" * 10])
def test_what_is_no_size_is_refused_with_what_would_be_one(written: str) -> None:
    with pytest.raises(IssueError) as refused:
        size_of(written, 100, hears=True)
    assert "--first 500" in refused.value.mend


def test_the_first_wave_goes_alone_and_the_rest_follows_when_it_arrived(house: Make) -> None:
    app, receiver, issue = begun(house)
    assert len(receiver.envelopes) == 20
    tell(app, receiver.envelopes[:15], EventType.DELIVERED)
    assert watch(app) == 0
    drain(app)
    assert len(receiver.envelopes) == 20
    tell(app, receiver.envelopes[15:16], EventType.DELIVERED)
    assert watch(app) == 1
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 61)}
    assert state(app, issue) == "sent"
    assert ("first wave", "worker") in steps(app, issue)


def test_a_large_audience_has_a_first_wave_without_being_asked(house: Make) -> None:
    app, receiver = house(reports=True)
    schedule(app, add_people(app, 2001))
    start(app, size=1000)
    drain(app)
    assert len(receiver.envelopes) == 500


def test_the_first_are_drawn_at_random_and_everybody_is_in_one_batch(house: Make) -> None:
    app, _ = house()
    list_id = add_people(app, 900)
    numbers = [schedule(app, list_id, key=key, first="100") for key in ("one", "two")]
    assert dispatcher.start_due(app.database, size=30, who="worker", now=NOON) == 2
    drawn = []
    with app.database.read() as session:
        for issue in numbers:
            rows = session.execute(
                select(Delivery.subscriber_id, Batch.wave, Batch.lo, Batch.hi)
                .join(
                    Batch,
                    (Batch.issue_id == Delivery.issue_id) & (Batch.batch_no == Delivery.batch_no),
                )
                .where(Delivery.issue_id == issue)
            ).all()
            assert len(rows) == 900
            assert all(lo <= person <= hi for person, _, lo, hi in rows)
            drawn.append({person for person, wave, _, _ in rows if wave == 0})
            sizes = session.scalars(select(Batch.n).where(Batch.issue_id == issue)).all()
            assert (sum(sizes), max(sizes)) == (900, 30)
    assert [len(some) for some in drawn] == [100, 100]
    assert drawn[0] != drawn[1]
    # Not the first on the list: they come from all over it.
    assert max(drawn[0]) > 600


def test_who_is_refused_for_now_holds_nobody_up(house: Make) -> None:
    app, receiver = house(reports=True)
    late = SendResult(SendStatus.LATER, "451 4.7.1 greylisted")
    receiver.answer = lambda _: late if len(receiver.envelopes) == 19 else SUBMITTED
    issue = schedule(app, add_people(app, 60), first="20")
    start(app, size=20)
    drain(app)
    with app.database.read() as session:
        waiting = session.scalars(select(Batch.wave).where(Batch.parent.is_not(None))).all()
    assert waiting == [0]
    tell(app, receiver.envelopes, EventType.DELIVERED)
    receiver.answer = lambda _: SUBMITTED
    assert watch(app) == 1
    with app.database.begin() as session:
        assert session.get_one(Issue, issue).wave == 1
        session.execute(update(Batch).values(not_before=None))
    drain(app)
    assert receiver.book() == {address(number): 1 for number in range(1, 61)}


def test_an_outage_in_the_first_wave_opens_nothing(house: Make) -> None:
    app, _ = house(reports=True)
    schedule(app, add_people(app, 60), first="20")
    start(app, size=20)
    assert watch(app, 25 * MINUTE) == 0


def test_twenty_minutes_are_enough_when_something_was_heard(house: Make) -> None:
    app, receiver, issue = begun(house)
    tell(app, receiver.envelopes[:1], EventType.DELIVERED)
    tell(app, receiver.envelopes, EventType.DEFERRED)
    assert watch(app, 19 * MINUTE) == 0
    assert watch(app, 20 * MINUTE) == 1
    assert hold(app, issue) == ("sending", "")


def test_a_house_that_hears_and_hears_nothing_asks_a_person(house: Make) -> None:
    app, _receiver, issue = begun(house)
    assert watch(app, 20 * MINUTE) == 1
    assert hold(app, issue) == ("paused", "first-wave")
    assert "no report came" in why(app, issue)


def test_a_house_that_cannot_hear_goes_on_after_the_wait(house: Make) -> None:
    app, _, issue = begun(house, reports=False)
    assert watch(app, 19 * MINUTE) == 0
    assert watch(app, 20 * MINUTE) == 1
    assert hold(app, issue) == ("sending", "")


def test_a_first_wave_that_bounces_stops_the_issue(house: Make) -> None:
    """DL-2."""
    app, receiver, issue = begun(house)
    tell(app, receiver.envelopes[:19], EventType.DELIVERED)
    tell(app, receiver.envelopes[19:], EventType.BOUNCED)
    assert watch(app) == 1
    assert hold(app, issue) == ("paused", "bounces")
    assert "1 of 20 bounced (5.00%)" in why(app, issue)
    drain(app)
    assert len(receiver.envelopes) == 20


def test_who_resumes_in_spite_of_bounces_is_not_stopped_again(house: Make) -> None:
    app, receiver, issue = begun(house)
    tell(app, receiver.envelopes, EventType.BOUNCED)
    watch(app)
    with app.database.begin() as session:
        issues.resume(session, session.get_one(Issue, issue), who="editor", now=NOON)
    assert why(app, issue) == "in spite of bounces"
    assert watch(app) == 0
    drain(app)
    assert state(app, issue) == "sent"


def test_who_was_refused_by_the_provider_counts_as_bounced(house: Make) -> None:
    """DL-2."""
    app, receiver = house()
    receiver.answer = lambda envelope: SendResult(SendStatus.FAILED, "550 5.1.1")
    issue = schedule(app, add_people(app, 60), first="20")
    start(app, size=10)
    drain(app)
    assert watch(app) == 1
    assert hold(app, issue) == ("paused", "bounces")


def test_complaints_are_measured_where_they_are_reported(house: Make) -> None:
    """DL-2: Gmail reports none, so its readers are no part of the figure."""
    app, receiver = house(reports=True)
    list_id = add_people(app, 400)
    with app.database.begin() as session:
        people = session.scalars(select(Subscriber).limit(190)).all()
        for person in people:
            person.email = person.email_key = f"reader{person.id}@gmail.com"
    issue = schedule(app, list_id)
    start(app, size=400)
    drain(app)
    heard = [one for one in receiver.envelopes if not one.address.endswith("gmail.com")]
    tell(app, heard[:1], EventType.COMPLAINED)
    with app.database.read() as session:
        seen = feedback(session, session.get_one(Issue, issue))
    assert seen == Feedback(400, 0, 1, 210)
    assert str(seen).endswith(
        "1 of 210 complained (0.48%) (190 at Gmail, which reports no complaint)"
    )
    assert seen.broken() == "complaints"


def test_an_issue_without_a_first_wave_is_watched_all_the_same(house: Make) -> None:
    """DL-2."""
    app, receiver = house(reports=True)
    issue = schedule(app, add_people(app, 500))
    start(app, size=100)
    hand = dispatcher.Sender(app.database, app.links, app.provider, clock=lambda: NOON)
    for _ in range(2):
        hand.send_one()
    tell(app, receiver.envelopes[:9], EventType.REJECTED)
    assert watch(app) == 0
    tell(app, receiver.envelopes[9:10], EventType.BOUNCED)
    assert watch(app) == 1
    assert hold(app, issue) == ("paused", "bounces")
    assert why(app, issue).startswith("bounces: 10 of 200 bounced (5.00%)")


@pytest.mark.parametrize(
    ("seen", "limit"),
    [
        (Feedback(199, 100, 0, 199), None),
        (Feedback(200, 9, 0, 200), None),
        (Feedback(200, 10, 0, 200), "bounces"),
        (Feedback(1000, 0, 1, 199), None),
        (Feedback(1000, 0, 2, 1000), None),
        (Feedback(1000, 0, 3, 1000), "complaints"),
        (Feedback(0, 0, 0, 0), None),
    ],
)
def test_the_limits(seen: Feedback, limit: str | None) -> None:
    """DL-2."""
    assert seen.broken() == limit


def test_a_paused_first_wave_waits_again_after_the_resume(house: Make) -> None:
    app, receiver, issue = begun(house)
    with app.database.begin() as session:
        issues.pause(session, session.get_one(Issue, issue), who="editor", now=NOON)
    tell(app, receiver.envelopes, EventType.DELIVERED)
    assert watch(app) == 0
    with app.database.begin() as session:
        row = session.get_one(Issue, issue)
        issues.resume(session, row, who="editor", now=NOON)
        waiting = first_wave(session, row)
    assert waiting
    assert (waiting.people, waiting.told) == (20, 20)
    assert watch(app) == 1
