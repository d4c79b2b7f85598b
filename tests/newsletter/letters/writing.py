"""Letters written and sent for a test."""

from datetime import timedelta

from sqlalchemy import select

from newsletter import letters
from newsletter.app import App
from newsletter.letters import LetterSender
from newsletter.models import Letter, LetterKind
from subscribers.models import Consent, List, Subscriber
from tests.newsletter.house import (
    NOON,
    subscriber_id,
)


def write(app: App, number: int, kind: LetterKind = LetterKind.CONFIRM) -> int:
    """Write a letter to a person, and return its number."""
    with app.database.begin() as session:
        list_ = session.scalars(select(List)).one()
        person = session.get_one(Subscriber, subscriber_id(app, number))
        request = Consent(
            list_id=list_.id, subscriber_id=person.id, kind="asked", at=NOON, actor="self"
        )
        session.add(request)
        session.flush()
        return letters.write(
            session, kind, list_, person, "body", request_id=request.id, now=NOON
        ).id


def sender(app: App, after: float = 0) -> LetterSender:
    """Return who sends letters, so many seconds after noon."""
    return LetterSender(
        app.database,
        app.links,
        app.provider,
        name="worker",
        limits=app.limits,
        clock=lambda: NOON + timedelta(seconds=after),
    )


def drain(app: App, after: float = 0) -> None:
    """Send every letter that may go."""
    hand = sender(app, after)
    while hand.send_some():
        pass


def leases_pass(app: App, seconds: float) -> None:
    """Let the leases of letters on their way be older by so much."""
    with app.database.begin() as session:
        for row in session.scalars(select(Letter).where(Letter.lease_until.is_not(None))):
            assert row.lease_until
            row.lease_until -= timedelta(seconds=seconds)


def states(app: App) -> list[tuple[str, int]]:
    """Return the state and the attempts of each letter."""
    with app.database.read() as session:
        rows = session.execute(select(Letter.state, Letter.attempt).order_by(Letter.id))
        return [(state, attempt) for state, attempt in rows]
