"""A mail of which anything was reported was taken, whichever came first: the report or the doubt."""

import pytest
from sqlalchemy import insert, select, update

from newsletter.events import prove_by_earlier, record
from newsletter.message import EventType, SendResult, SendStatus
from newsletter.models import Batch, BatchState, DeliveryException, Issue
from newsletter.worker.tick import Round
from subscribers.database import Database
from tests.factories import NOON
from tests.newsletter.events.rows import LINKS, report, send
from tests.newsletter.house import Make, add_people, schedule, start, state, steps, subscriber_id


def doubt(database: Database, person: int | None = None) -> None:
    """Let the call of issue 1, which was under way, end with all of it in doubt, or one person."""
    with database.begin() as session:
        if person is None:
            session.execute(update(Batch).values(state=BatchState.IN_DOUBT, submitted_at=NOON))
            return
        session.execute(update(Batch).values(state=BatchState.SUBMITTED))
        row = {
            "issue_id": 1,
            "subscriber_id": person,
            "state": "in_doubt",
            "detail": "",
            "at": NOON,
        }
        session.execute(insert(DeliveryException), row)


def take(database: Database, kind: EventType, person: int) -> None:
    with database.begin() as session:
        record(session, LINKS, [report(kind, person)], now=NOON)


def fates(database: Database) -> tuple[str, dict[int, str]]:
    with database.read() as session:
        people = session.execute(select(DeliveryException.subscriber_id, DeliveryException.state))
        batch = session.scalars(select(Batch.state)).one()
        return batch, {person: fate for person, fate in people}


def test_who_was_reported_on_before_their_call_ended_in_doubt_is_settled(
    database: Database,
) -> None:
    send(database, 3, state=BatchState.SENDING)
    take(database, EventType.PROCESSED, 1)
    take(database, EventType.UNKNOWN, 2)
    doubt(database)
    assert prove_by_earlier(database, now=NOON) == 1
    assert fates(database) == ("in_doubt", {1: "submitted"})
    assert prove_by_earlier(database, now=NOON) == 0
    take(database, EventType.DELIVERED, 2)
    take(database, EventType.DELIVERED, 3)
    assert fates(database) == ("submitted", {})


@pytest.mark.parametrize("reported", [1, 2])
def test_one_in_doubt_is_settled_by_a_report_on_their_own_mail_alone(
    database: Database, reported: int
) -> None:
    send(database, 2, state=BatchState.SENDING)
    take(database, EventType.DELIVERED, reported)
    doubt(database, person=1)
    assert prove_by_earlier(database, now=NOON) == (1 if reported == 1 else 0)
    assert fates(database) == ("submitted", {} if reported == 1 else {1: "in_doubt"})


def test_an_issue_is_sent_when_reports_overtook_the_end_of_a_lost_call(house: Make) -> None:
    app, receiver = house(stepwise=False, reports=True)
    issue = schedule(app, add_people(app, 3))
    start(app)

    def lost(_: object) -> SendResult:
        with app.database.begin() as session:
            told = [report(EventType.PROCESSED, subscriber_id(app, n)) for n in (1, 2, 3)]
            sealed = [
                one._replace(token=app.links.seal_delivery(issue, subscriber_id(app, n)))
                for n, one in enumerate(told, 1)
            ]
            record(session, app.links, sealed, now=NOON)
        return SendResult(SendStatus.IN_DOUBT, "the answer was lost")

    receiver.answer = lost
    one = Round(app, clock=lambda: NOON)
    try:
        while one.tick():
            pass
        assert state(app, issue) == "sending"
    finally:
        one.close()
    later = Round(app, clock=lambda: NOON)
    later.tick()
    later.close()
    assert state(app, issue) == "sent"
    with app.database.read() as session:
        assert session.get_one(Issue, issue).finished_at == NOON
    assert ("in doubt", "worker") in steps(app, issue)
