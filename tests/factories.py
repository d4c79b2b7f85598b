"""Rows for tests: each with everything it needs, and a name of its own."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers import store
from subscribers.address import parse
from subscribers.models import Consent, List, Subscriber, Subscription

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW = NOON
DAY = timedelta(hours=24)
READER = store.Visit(
    ip="203.0.113.77", user_agent="Mail/1.0", source="https://example.org/news/", via="form"
)
ADMIN = store.Visit(actor="admin", via="admin", source="said yes at the fair")

_numbers = count(1)


def make_list(session: Session, slug: str = "ledger", **columns: Any) -> List:
    """Make a list that may be mailed from."""
    given: dict[str, Any] = {
        "slug": slug,
        "name": "The Monthly Ledger",
        "sender_name": "The Monthly Ledger",
        "sender_address": "editors@ledger.example",
        "postal_address": "12 Quay Street, Hafenstadt",
        "privacy_url": "https://ledger.example/privacy/",
        "consent_wording": "Send me the digest once a month.",
        "created_at": NOON,
    }
    list_ = List(**(given | columns))
    session.add(list_)
    session.flush()
    return list_


def make_subscriber(
    session: Session, list_: List, email: str = "", *, name: str = "", now: datetime = NOON
) -> Subscriber:
    """Put somebody on a list, active."""
    address = parse(email or f"reader{next(_numbers)}@example.net")
    subscription = store.add(session, list_, address, name=name, visit=ADMIN, now=now)
    return session.get_one(Subscriber, subscription.subscriber_id)


def make_request(
    session: Session, list_: List, email: str = "", *, now: datetime = NOON
) -> tuple[Subscriber, Consent]:
    """Sign somebody up who has not confirmed yet."""
    address = parse(email or f"reader{next(_numbers)}@example.net")
    signed = store.sign_up(session, list_, address, visit=READER, now=now)
    assert signed
    assert signed.request
    return signed.subscriber, signed.request


def subscription_of(session: Session, list_: List, subscriber: Subscriber) -> Subscription:
    """Return the subscription as it stands in the database."""
    return session.get_one(Subscription, (list_.id, subscriber.id), populate_existing=True)


def evidence_of(session: Session, subscriber_id: int) -> list[str]:
    """Return the kinds of a person's lines of consent, in their order."""
    lines = select(Consent.kind).where(Consent.subscriber_id == subscriber_id).order_by(Consent.id)
    return list(session.scalars(lines))
