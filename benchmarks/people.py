"""Many made-up people on a list, and issues for them, made by the database itself."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import JSON, ColumnElement, Select, String, cast, insert, literal, select
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.app import App, build
from newsletter.message import Mailbox, RenderedEmail
from newsletter.providers.protocol import Provider
from newsletter.settings import Settings
from newsletter.slots import slot
from subscribers import store
from subscribers.database import Database, Instant
from subscribers.models import List, Subscriber, Subscription

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = "a key for benchmarks that is long enough"
EMAIL = RenderedEmail(
    Mailbox("l@site.example", "L"), "S", html=f'<a href="{slot("unsubscribe")}">x</a>', text="x"
)


def open_house(url: str, folder: Path, provider: Provider, **more: Any) -> App:
    """Open a house whose mails go to this provider."""
    settings = Settings(
        database_url=url, secret_keys=(SecretStr(KEY),), state_dir=folder / "state", **more
    )
    return build(settings, choose=lambda _: provider)


def populate(database: Database, people: int) -> int:
    """Write a list with so many active people, numbered from 1, and return its number."""
    with database.begin() as session:
        list_ = store.add_list(
            session,
            slug="l",
            name="L",
            sender_name="L",
            sender_address="l@site.example",
            postal_address="12 Quay Street",
            privacy_url="https://site.example/privacy/",
            now=NOW,
        ).id
        session.execute(
            insert(Subscriber).from_select(
                ["email", "email_key", "attributes", "created_at"],
                _numbered(people, lambda n: (address := _address(n), address, literal({}, JSON))),
            )
        )
        session.execute(
            insert(Subscription).from_select(
                ["list_id", "subscriber_id", "state", "changed_at"],
                _numbered(people, lambda n: (literal(list_), n, literal("active"))),
            )
        )
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("ANALYZE")
    return list_


def _numbered(
    people: int, columns: Callable[[ColumnElement[int]], Sequence[ColumnElement[Any]]]
) -> Select[Any]:
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < people))
    return select(*columns(numbers.c.n), literal(NOW, Instant)).order_by(numbers.c.n)


def _address(n: ColumnElement[int]) -> ColumnElement[str]:
    return literal("reader") + cast(n, String) + literal("@x.example")


def schedule(session: Session, list_id: int, key: str) -> int:
    """Write an issue that is due, and return its number."""
    list_ = session.get_one(List, list_id)
    issue = issues.draft(
        session, list_, key=key, source=f"{key}.md", title="K", email=EMAIL, who="b", now=NOW
    ).issue
    issues.schedule(session, issue, who="b", now=NOW, no_test=True, first="0")
    return issue.id
