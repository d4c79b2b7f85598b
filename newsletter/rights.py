"""What a person may ask for: everything known of them, and that it be forgotten.

GDPR Art. 15 and 20 (a copy, machine-readable), 17 (erasure). The store keeps its part
(`subscribers.erasure`); here is what deliveries, letters, events, tests and the outbox hold.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, literal, select, text, update
from sqlalchemy.orm import Session

from newsletter import reports
from newsletter.links import NO_ISSUE, NOBODY, Links
from newsletter.models import (
    Batch,
    Delivery,
    DeliveryException,
    EventPost,
    Issue,
    IssueStep,
    Letter,
    PackedDelivery,
    StoredEvent,
    TestSend,
)
from newsletter.models.packed import is_packed
from subscribers import store
from subscribers.database import Database
from subscribers.models import AddressChange, Consent, Import, List, Subscriber, Subscription

# What is nobody's business but ours: keys of rows, and the person's own number.
INTERNAL = frozenset(
    ("id", "list_id", "subscriber_id", "request_id", "email_key", "limit_key", "import_id")
)

ERASED = "erased"


def person_record(session: Session, person: Subscriber) -> dict[str, Any]:
    """Return everything that is kept of a person, as plain values with moments in ISO 8601."""
    found = store.suppression_of(session, person.email_key or "")
    return {
        "person": _row(person) | {"tags": list(store.tags_of(session, person.id))},
        "subscriptions": _of_lists(session, Subscription, person.id),
        "consent": _of_lists(session, Consent, person.id),
        "imports": _imports(session, person.id),
        "suppression": _row(found) if found else None,
        "issues": _issues(session, person.id),
        "address_changes": [
            _row(row)
            for row in session.scalars(
                select(AddressChange).where(AddressChange.subscriber_id == person.id)
            )
        ],
        "letters": [
            {"kind": row.kind, "state": row.state, "created_at": _plain(row.created_at)}
            for row in session.scalars(select(Letter).where(Letter.subscriber_id == person.id))
        ],
        "events": _events(session, person.id),
        "tests": _tests(session, person.email or ""),
    }


def erase_person(
    database: Database, links: Links, person_id: int, *, outbox: Path, actor: str, now: datetime
) -> int:
    """Erase a person everywhere and return how many files went from the outbox.

    What is on its way at this moment still arrives; nothing is claimed for them any more.
    Raises NotFound for who is erased already.
    """
    with database.begin() as session:
        person = session.get_one(Subscriber, person_id, with_for_update=True)
        email = person.email or ""
        tokens = [*_tokens(session, links, person_id), *_forget_tests(session, links, email)]
        store.erase(session, person, actor=actor, now=now)
        reports.forget_person(session, person_id)
        session.execute(
            update(DeliveryException)
            .where(DeliveryException.subscriber_id == person_id)
            .values(detail="")
        )
        session.execute(delete(EventPost).where(EventPost.id.in_(_posts_naming(session, email))))
        # What a server said of a letter to them; of their issues it went with their reports.
        words = StoredEvent.detail.icontains(email, autoescape=True)
        session.execute(delete(StoredEvent).where(StoredEvent.issue_id.is_(None), words))
        _forget_words(session, email)
        session.execute(delete(Letter).where(Letter.subscriber_id == person_id))
    return _clear(outbox, tokens)


def _forget_tests(session: Session, links: Links, email: str) -> Iterator[str]:
    """Take an address out of the tests that were sent to it, and yield the names of those mails."""
    named = select(TestSend).where(TestSend.to.icontains(email, autoescape=True))
    for row in session.scalars(named).all():
        addresses = row.to.split(", ")
        for at, address in enumerate(addresses):
            if address.lower() == email.lower():
                addresses[at] = ERASED
                yield links.seal_batch(row.issue_id, NOBODY, row.number * 1000 + at)
        row.to = ", ".join(addresses)


def _forget_words(session: Session, email: str) -> None:
    """Take an address out of issues' logs, and out of what a server said of a whole call."""
    alone = re.compile(rf"(?<![^\s<>()\[\]:;,\"']){re.escape(email)}(?![\w-]|\.\w)", re.IGNORECASE)
    steps = select(IssueStep).where(IssueStep.detail.icontains(email, autoescape=True))
    batches = select(Batch).where(Batch.detail.icontains(email, autoescape=True))
    for row in (*session.scalars(steps), *session.scalars(batches)):
        row.detail = alone.sub(ERASED, row.detail)


def _posts_naming(session: Session, email: str) -> list[int]:
    """Return the posts that could not be read and hold an address; the others are gone soon."""
    unread = session.execute(select(EventPost.id, EventPost.body).where(EventPost.error != ""))
    return [number for number, body in unread if email.lower().encode() in body.lower()]


def _tokens(session: Session, links: Links, person_id: int) -> Iterator[str]:
    rows = select(Delivery.issue_id).where(Delivery.subscriber_id == person_id)
    packed = select(PackedDelivery.issue_id).where(is_packed(literal(person_id)))
    for issue_id in session.scalars(rows.union_all(packed)):
        yield links.seal_delivery(issue_id, person_id)
    letters = session.scalars(select(Letter.id).where(Letter.subscriber_id == person_id))
    for letter_id in letters:
        yield links.seal_delivery(NO_ISSUE, letter_id)


def _clear(outbox: Path, tokens: Sequence[str]) -> int:
    """Remove the mails of these tokens, and second copies of them, from every folder."""
    folders = [one for one in outbox.iterdir() if one.is_dir()] if outbox.is_dir() else []
    mails = [
        mail
        for folder in folders
        for token in tokens
        for mail in (folder / f"{token}.eml", *folder.glob(f"{token}-*.eml"))
        if mail.is_file()
    ]
    for mail in mails:
        mail.unlink(missing_ok=True)
    return len(mails)


def _of_lists(session: Session, row: type[Any], person_id: int) -> list[dict[str, Any]]:
    found = session.execute(
        select(row, List.slug)
        .join(List, List.id == row.list_id)
        .where(row.subscriber_id == person_id)
        .order_by(List.slug)
    )
    return [{"list": slug} | _row(one) for one, slug in found]


def _imports(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return the files that lines of consent come from: `import_line` is a line of theirs."""
    files = session.scalars(
        select(Import)
        .where(Import.id.in_(select(Consent.import_id).where(Consent.subscriber_id == person_id)))
        .order_by(Import.id)
    )
    names = ("file", "sha256", "origin", "wording", "started_at")
    return [{name: _plain(getattr(one, name)) for name in names} for one in files]


def _issues(session: Session, person_id: int) -> list[dict[str, Any]]:
    states = text("SELECT issue_id, state FROM delivery_state WHERE subscriber_id = :person")
    found = session.execute(states, {"person": person_id})
    state: dict[int, str] = {issue_id: one for issue_id, one in found}
    issues = session.scalars(select(Issue).where(Issue.id.in_(state)).order_by(Issue.id))
    return [
        {"list": one.list_slug, "issue": one.key, "subject": one.subject, "state": state[one.id]}
        for one in issues
    ]


def _events(session: Session, person_id: int) -> list[dict[str, Any]]:
    found = session.execute(
        select(StoredEvent, Issue.list_slug, Issue.key)
        .outerjoin(Issue, Issue.id == StoredEvent.issue_id)
        .where(StoredEvent.subscriber_id == person_id)
        .order_by(StoredEvent.at, StoredEvent.id)
    )
    names = ("type", "at", "detail", "link", "visitor")
    return [
        {"list": slug, "issue": key} | {name: _plain(getattr(row, name)) for name in names}
        for row, slug, key in found
    ]


def _tests(session: Session, email: str) -> list[dict[str, Any]]:
    """Return the tests of issues that were sent to an address, though it may be on no list."""
    found = session.execute(
        select(TestSend, Issue.list_slug, Issue.key)
        .join(Issue, Issue.id == TestSend.issue_id)
        .where(TestSend.to.icontains(email, autoescape=True))
        .order_by(TestSend.id)
    )
    return [
        {"list": slug, "issue": key, "number": row.number, "at": _plain(row.at)}
        for row, slug, key in found
        if email.lower() in row.to.lower().split(", ")
    ]


def _row(row: Any) -> dict[str, Any]:
    columns = (column.key for column in row.__table__.columns if column.key not in INTERNAL)
    return {name: _plain(getattr(row, name)) for name in columns}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
