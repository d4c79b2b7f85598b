"""A house for tests: a database with a list, its people, and an issue on its way."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from pydantic import SecretStr
from sqlalchemy import insert, select, text, update

from newsletter import dispatcher, issues
from newsletter.app import App, build
from newsletter.message import Mailbox, RenderedEmail
from newsletter.models import Batch, DeliveryState, Issue, Turn
from newsletter.providers.protocol import Provider
from newsletter.settings import Settings
from newsletter.slots import slot
from subscribers import store
from subscribers.database import Database
from subscribers.models import List, Subscriber, Subscription
from tests.newsletter.receiver import Receiver

# Opens a house whose provider is a receiver, with these settings.
Make = Callable[..., tuple[App, Receiver]]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = "a key for tests that is long enough, no secret"
EMAIL = RenderedEmail(
    sender=Mailbox("editors@ledger.example", "The Monthly Ledger"),
    subject="Nine stories",
    html=f'<p>Hello</p><a href="{slot("unsubscribe")}">leave</a><a href="{slot("archive")}">x</a>',
    text=f"Hello\n{slot('unsubscribe')}\n",
    preheader="And their sources",
)


def settings_for(url: str, folder: Path, **more: Any) -> Settings:
    given: dict[str, Any] = {
        "database_url": url,
        "secret_keys": (SecretStr(KEY),),
        "outbox_dir": folder / "outbox",
        "state_dir": folder / ".newsletter",
    }
    return Settings(**(given | more))


def open_house(url: str, folder: Path, provider: Provider, **more: Any) -> App:
    return build(settings_for(url, folder, **more), choose=lambda _: provider)


def address(number: int) -> str:
    return f"reader{number:05}@readers.example"


def add_people(app: App, people: int, *, slug: str = "ledger", first: int = 1) -> int:
    """Make a list with so many active people and return its id."""
    numbers = range(first, first + people)
    with app.database.begin() as session:
        list_ = store.add_list(
            session,
            slug=slug,
            name="The Monthly Ledger",
            sender_name="The Monthly Ledger",
            sender_address="editors@ledger.example",
            postal_address="12 Quay Street, Hafenstadt",
            privacy_url="https://ledger.example/privacy/",
            now=NOON,
        )
        if people:
            session.execute(
                insert(Subscriber),
                [
                    {
                        "email": address(number),
                        "email_key": address(number),
                        "name": f"Reader {number}",
                        "attributes": {},
                        "created_at": NOON,
                    }
                    for number in numbers
                ],
            )
            join(app, session, list_.id, [address(number) for number in numbers])
        return list_.id


def join(app: App, session: Any, list_id: int, addresses: list[str]) -> None:
    known = {one.email_key: one.id for one in session.query(Subscriber)}
    session.execute(
        insert(Subscription),
        [
            {
                "list_id": list_id,
                "subscriber_id": known[one],
                "state": "active",
                "changed_at": NOON,
            }
            for one in addresses
        ],
    )


def subscriber_id(app: App, number: int) -> int:
    with app.database.read() as session:
        found = store.find(session, address(number))
        assert found
        return found.id


def write_draft(
    app: App,
    list_id: int,
    *,
    key: str = "2026-11",
    email: RenderedEmail = EMAIL,
    source: str = "content/blog/2026-11/index.md",
    errors: Sequence[str] = (),
    now: datetime = NOON,
) -> issues.Drafted:
    with app.database.begin() as session:
        return issues.draft(
            session,
            session.get_one(List, list_id),
            key=key,
            source=source,
            title="November",
            email=email,
            errors=errors,
            who="editor",
            now=now,
        )


def schedule(
    app: App,
    list_id: int,
    *,
    key: str = "2026-11",
    now: datetime = NOON,
    at: datetime | None = None,
    **more: Any,
) -> int:
    """Write and schedule an issue without a test; return its number."""
    number = write_draft(app, list_id, key=key, now=now).issue.id
    with app.database.begin() as session:
        issues.schedule(
            session,
            session.get_one(Issue, number),
            at=at,
            who="editor",
            now=now,
            no_test=True,
            **more,
        )
    return number


def start(app: App, size: int = 10, *, now: datetime = NOON) -> None:
    """Freeze the audience of the one issue that is due."""
    started = dispatcher.start_due(
        app.database,
        size=size,
        limits=app.limits,
        stepwise=bool(app.provider.at_once),
        hears=app.hears,
        who="worker",
        now=now,
    )
    assert started == 1


def hand(app: App, *, now: datetime = NOON) -> dispatcher.Sender:
    """Return somebody who sends, at this moment."""
    return dispatcher.Sender(
        app.database, app.links, app.provider, limits=app.limits, clock=lambda: now
    )


def drain(app: App, *, now: datetime = NOON) -> None:
    """Send until nothing more may be claimed at this moment."""
    one = hand(app, now=now)
    while one.send_one():
        pass
    one.close()


def progress(app: App, number: int) -> issues.Progress:
    with app.database.read() as session:
        return issues.progress(session, session.get_one(Issue, number))


def state(app: App, number: int) -> str:
    with app.database.read() as session:
        return session.get_one(Issue, number).state


def those(app: App, number: int, wanted: DeliveryState) -> list[str]:
    """Return the addresses of the recipients in one state, ascending."""
    with app.database.read() as session:
        found = issues.recipients(session, session.get_one(Issue, number), wanted)
        return [one.email or "" for one in found]


def steps(app: App, number: int) -> list[tuple[str, str]]:
    """Return (step, who) of an issue's log."""
    with app.database.read() as session:
        log = issues.steps(session, session.get_one(Issue, number))
        return [(one.step, one.who) for one in log]


def claimed(app: App, owner: str = "somebody") -> dispatcher.Claimed:
    """Claim what is next, and fail when there is nothing."""
    with app.database.begin() as session:
        found = dispatcher.claim(session, app.provider, owner=owner, now=NOON)
    assert found
    return found


def wait_is_over(app: App) -> None:
    """Let nothing wait for its time any more."""
    with app.database.begin() as session:
        session.execute(update(Batch).values(not_before=None))
        session.execute(update(Turn).values(at=0.0))


def lease_is_over(app: App) -> None:
    """Let whoever has claimed anything be late."""
    with app.database.begin() as session:
        session.execute(update(Batch).values(lease_until=NOON - timedelta(days=365)))


def batches(app: App) -> list[tuple[int, str, int, int, int | None]]:
    """Return number, state, size, attempts and parent of each batch."""
    with app.database.read() as session:
        rows = session.execute(
            select(Batch.batch_no, Batch.state, Batch.n, Batch.attempt, Batch.parent).order_by(
                Batch.batch_no
            )
        )
        return [(no, state_, n, attempt, parent) for no, state_, n, attempt, parent in rows]


def until_somebody_waits(database: Database) -> None:
    """Wait until somebody waits for a row; SQLite lets nobody look before the other has ended."""
    waiting, end = text("SELECT count(*) FROM pg_locks WHERE NOT granted"), monotonic() + 60
    while not database.is_sqlite and monotonic() < end:
        with database.read() as session:
            if session.scalar(waiting):
                return
