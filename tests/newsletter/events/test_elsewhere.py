"""SendGrid's suppressions, both ways: heard each day, and taken off when somebody comes back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from newsletter import events
from newsletter.errors import ProviderRefused
from newsletter.models import Alert
from newsletter.worker.lookout import LISTS_AGAIN, LISTS_EVERY, Lookout
from subscribers import store
from subscribers.database import Database
from subscribers.models import List, Subscriber, Subscription, Suppression
from tests.doubles.sendgrid_server import SendGridDouble
from tests.factories import NOON, READER, make_list, make_subscriber
from tests.newsletter.house import open_house
from tests.newsletter.providers.at_sendgrid import sendgrid

DAY = timedelta(days=1)


@pytest.fixture
def double() -> Iterator[SendGridDouble]:
    with SendGridDouble() as running:
        yield running


def entry(email: str, at: datetime = NOON - DAY, **more: str) -> dict[str, Any]:
    return {"created": int(at.timestamp()), "email": email, **more}


def people(database: Database, *emails: str) -> None:
    with database.begin() as session:
        list_ = make_list(session)
        for email in emails:
            make_subscriber(session, list_, email, now=NOON - 9 * DAY)


def states(database: Database) -> dict[str | None, str]:
    with database.read() as session:
        rows = session.execute(
            select(Subscriber.email, Subscription.state).join(
                Subscription, Subscription.subscriber_id == Subscriber.id
            )
        )
        return {email: state for email, state in rows}


def suppressed(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {row.email_key: row.reason for row in session.scalars(select(Suppression))}


def read(database: Database, double: SendGridDouble, now: datetime = NOON) -> int:
    return events.read_lists(database, sendgrid(double), now=now)


def test_what_the_account_knows_is_taken_over_at_first_and_each_day_after(
    database: Database, double: SendGridDouble
) -> None:
    people(database, "ada@x.example", "bea@x.example", "cy@x.example", "di@x.example")
    double.lists["bounces"] = [
        entry("Ada@X.example", reason="550 5.1.1 <b>no such user</b>\0", status="5.1.1"),
        entry("stranger@x.example"),
        entry("no address"),
        {"created": "x"},
    ]
    double.lists["spam_reports"] = [entry("bea@x.example")]
    double.lists["unsubscribes"] = [entry("cy@x.example"), entry("nobody@x.example")]
    assert read(database, double) == 6
    assert suppressed(database) == {
        "ada@x.example": "bounced",
        "stranger@x.example": "bounced",
        "bea@x.example": "complained",
    }
    assert states(database)["cy@x.example"] == "unsubscribed"
    assert states(database)["di@x.example"] == "active"

    double.lists["spam_reports"].append(entry("di@x.example", NOON + DAY / 2))
    assert read(database, double, NOON + DAY / 2) == 0
    assert read(database, double, NOON + DAY) == 1
    assert suppressed(database)["di@x.example"] == "complained"


def test_long_lists_are_read_to_their_end(database: Database, double: SendGridDouble) -> None:
    double.lists["bounces"] = [entry(f"{number}@x.example") for number in range(1001)]
    assert read(database, double) == 1001
    assert len(suppressed(database)) == 1001


def test_who_comes_back_here_is_taken_off_there(database: Database, double: SendGridDouble) -> None:
    people(database, "ada@x.example", "bea@x.example")
    mine = sendgrid(double)
    assert events.let_in(database, mine, now=NOON) == 0
    for name in ("bounces", "unsubscribes"):
        double.lists[name] = [entry("ada@x.example"), entry("bea@x.example")]
    read(database, double)
    with database.begin() as session:
        store.unsuppress(session, "ada@x.example", reason="mended", now=NOON + timedelta(hours=1))
    assert events.let_in(database, mine, now=NOON + timedelta(hours=2)) == 1
    assert [one["email"] for one in double.lists["bounces"]] == ["bea@x.example"]
    assert [one["email"] for one in double.lists["unsubscribes"]] == ["bea@x.example"]
    assert events.let_in(database, mine, now=NOON + timedelta(hours=3)) == 0


def test_who_comes_back_while_it_is_looked_is_seen_at_the_next_look(
    database: Database, double: SendGridDouble
) -> None:
    """What they did bears the moment at which it began, and is committed a little later."""
    people(database, "ada@x.example", "bea@x.example")
    double.lists["bounces"] = [entry("ada@x.example"), entry("bea@x.example")]
    read(database, double)
    mine, hour = sendgrid(double), NOON + timedelta(hours=1)
    events.let_in(database, mine, now=NOON)
    with database.begin() as session:
        store.unsuppress(session, "ada@x.example", reason="mended", now=hour - timedelta(minutes=1))
    assert events.let_in(database, mine, now=hour) == 1
    with database.begin() as session:
        store.unsuppress(session, "bea@x.example", reason="mended", now=hour - timedelta(seconds=1))
    assert events.let_in(database, mine, now=hour + timedelta(minutes=1)) == 1
    assert double.lists["bounces"] == []


def test_who_came_back_since_they_came_onto_a_list_is_not_held_to_it(
    database: Database, double: SendGridDouble
) -> None:
    """Their later word counts, and the account hears of it."""
    people(database, "ada@x.example")
    with database.begin() as session:
        list_ = session.scalars(select(List)).one()
        person = session.scalars(select(Subscriber.id)).one()
        left = NOON - 3 * DAY
        store.unsubscribe(session, list_.id, person, visit=READER, now=left)
        store.undo_unsubscribe(
            session, list_.id, person, visit=READER, now=left + timedelta(minutes=1)
        )
    double.lists["unsubscribes"] = [entry("ada@x.example", NOON - 4 * DAY)]
    assert read(database, double) == 1
    assert states(database) == {"ada@x.example": "active"}
    assert double.lists["unsubscribes"] == []


def test_a_key_without_the_right_is_told_and_asked_again_later(
    database_url: str, tmp_path: Path, double: SendGridDouble
) -> None:
    double.scopes = ["mail.send"]
    app = open_house(database_url, tmp_path, sendgrid(double))
    with pytest.raises(ProviderRefused):
        events.read_lists(app.database, sendgrid(double), now=NOON)
    asked = len(double.seen)
    moments = iter((NOON, NOON + LISTS_EVERY, NOON + LISTS_AGAIN + LISTS_EVERY))
    lookout = Lookout(app, clock=lambda: next(moments))
    lookout.look()
    assert len(double.seen) == asked + 1
    lookout.look()
    assert len(double.seen) == asked + 1
    with app.database.read() as session:
        assert session.scalars(select(Alert.title)).all() == ["The provider's suppressions"]
    double.scopes.append("suppression.read")
    double.lists["bounces"] = [entry("ada@x.example")]
    lookout.look()
    assert suppressed(app.database) == {"ada@x.example": "bounced"}
    app.database.close()
