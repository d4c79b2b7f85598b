"""The public pages of a house for tests, asked as a visitor asks, and the rows behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import func, select

from newsletter import issues
from newsletter.app import App, build
from newsletter.links import NOBODY, Goodbye
from newsletter.message import Asset
from newsletter.models import Issue, IssueState, Letter
from newsletter.settings import Settings
from newsletter.web.app import create_app
from subscribers import store
from subscribers.models import Consent, List, Subscriber, Subscription
from tests.factories import NOON, make_list, make_request, make_subscriber
from tests.newsletter.house import EMAIL, KEY
from tests.newsletter.receiver import Receiver

ADA, BEA = "ada@readers.example", "bea@readers.example"
VISITOR = "198.51.100.7"
# A picture of one pixel; no test looks at it.
PICTURE = Asset("0a1b2c.png", "image/png", b"\x89PNG one pixel")


@dataclass
class Site:
    """A house with the public list `ledger`, and Ada on it since NOON."""

    app: App
    client: TestClient
    list_id: int
    ada: int

    def goodbye(self, subscriber: int | None = None, *, list_id: int = 0) -> str:
        """Return the token of a footer: Ada's, unless another is named."""
        who = self.ada if subscriber is None else subscriber
        return self.app.links.goodbye_token(Goodbye(list_id or self.list_id, who, 1))

    def test_token(self) -> str:
        """Return the token in the footer of a test."""
        return self.app.links.goodbye_token(Goodbye(self.list_id, NOBODY, 1))

    def state(self, subscriber: int | None = None, *, list_id: int = 0) -> str:
        """Return where a subscription stands in the database."""
        who = self.ada if subscriber is None else subscriber
        with self.app.database.read() as session:
            return session.get_one(Subscription, (list_id or self.list_id, who)).state

    def joins(self, email: str, *, list_id: int = 0) -> int:
        """Put somebody on a list and return their number."""
        with self.app.database.begin() as session:
            list_ = session.get_one(List, list_id or self.list_id)
            return make_subscriber(session, list_, email).id

    def asks(self, email: str, *, now: datetime = NOON) -> tuple[int, str]:
        """Let somebody sign up; return their number and the token of their confirm link."""
        with self.app.database.begin() as session:
            list_ = session.get_one(List, self.list_id)
            person, request = make_request(session, list_, email, now=now)
            return person.id, self.app.links.confirm_token(request.id, now)

    def another_list(self, slug: str, **columns: Any) -> int:
        """Make one more list."""
        with self.app.database.begin() as session:
            return make_list(session, slug, **columns).id

    def edit(self, **columns: Any) -> None:
        """Change the list's row."""
        with self.app.database.begin() as session:
            store.edit_list(session, session.get_one(List, self.list_id), **columns)

    def publish(self, key: str = "november", *, state: str = IssueState.SENT, **email: Any) -> None:
        """Write an issue in some state."""
        with self.app.database.begin() as session:
            made = issues.draft(
                session,
                session.get_one(List, self.list_id),
                key=key,
                source=f"content/blog/{key}/index.md",
                title=key.capitalize(),
                email=replace(EMAIL, **email),
                who="editor",
                now=NOON,
            ).issue
            row = session.get_one(Issue, made.id)
            row.state, row.started_at = state, NOON

    def count(self, row: type[Any]) -> int:
        """Count the rows of a table."""
        with self.app.database.read() as session:
            return session.scalar(select(func.count()).select_from(row)) or 0

    def letters(self, kind: str) -> list[str | None]:
        """Return whom letters of a kind are written to, the oldest first."""
        with self.app.database.read() as session:
            query = (
                select(Subscriber.email)
                .join(Letter, Letter.subscriber_id == Subscriber.id)
                .where(Letter.kind == kind)
                .order_by(Letter.id)
            )
            return list(session.scalars(query))

    def evidence(self, kind: str) -> list[Consent]:
        """Return the lines of consent of a kind, the oldest first."""
        with self.app.database.read() as session:
            lines = select(Consent).where(Consent.kind == kind).order_by(Consent.id)
            return list(session.scalars(lines))

    def form(self, *, shown: datetime = NOON, email: str = BEA) -> dict[str, str]:
        """Return what a browser sends that was shown the form at a moment."""
        return {
            "email": email,
            "name": "",
            "website": "",
            "shown": self.app.links.form_token(shown),
        }


def send(site: Site, email: str = BEA, **headers: str) -> int:
    """Sign up as a browser does that was shown the form ten seconds before NOON."""
    sent = site.form(shown=NOON - timedelta(seconds=10), email=email)
    return site.client.post("/subscribe/ledger", data=sent, headers=headers).status_code


@contextmanager
def open_site(url: str, folder: Path, **settings: Any) -> Iterator[Site]:
    """Open the pages of a house on an empty, migrated database."""
    receiver = Receiver(folder / "book")
    ours = {"secret_keys": (SecretStr(KEY),), "state_dir": folder / "state"}
    given: dict[str, Any] = ours | settings
    app = build(Settings(database_url=url, **given), choose=lambda _: receiver)
    with app.database.begin() as session:
        list_ = make_list(session)
        ada = make_subscriber(session, list_, ADA, name="Ada")
    client = TestClient(
        create_app(app),
        raise_server_exceptions=False,
        follow_redirects=False,
        client=(VISITOR, 50000),
    )
    try:
        with client:
            yield Site(app, client, list_.id, ada.id)
    finally:
        app.database.close()
