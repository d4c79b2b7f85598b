"""Suppressions: addresses, and whole domains, not mailed whoever asks.

A domain is kept as the key that all its addresses end in: `@example.org`. Of who had everything
erased only a keyed hash is kept: `#` and 32 hexadecimal digits.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, delete, exists, false, func, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from subscribers.database import insert_into
from subscribers.errors import NotFound, SubscriberError
from subscribers.goodbyes import NoteKind, note
from subscribers.models import (
    Consent,
    ConsentKind,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)

HASHED = "#"


class domain_of(FunctionElement[str]):
    """The `@` of an address key and what follows, as each database cuts it."""

    type = String()
    inherit_cache = True


@compiles(domain_of, "sqlite")
def _on_sqlite(element: domain_of, compiler: SQLCompiler, **words: Any) -> str:
    key = compiler.process(element.clauses, **words)
    return f"substr({key}, instr({key}, '@'))"


@compiles(domain_of, "postgresql")
def _on_postgresql(element: domain_of, compiler: SQLCompiler, **words: Any) -> str:
    key = compiler.process(element.clauses, **words)
    return f"substr({key}, strpos({key}, '@'))"


def covers(key: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that a Suppression is of this address, or of all its domain."""
    return Suppression.email_key.in_((key, domain_of(key)))


def is_covered(key: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that an address is suppressed, by itself or with its domain.

    For many at once: domains are looked up only where any whole one is suppressed.
    """
    own, domain = (aliased(Suppression) for _ in range(2))
    return case(
        (exists().where(own.email_key == key), true()),
        (_any_domain(), exists().where(domain.email_key == domain_of(key))),
        else_=false(),
    )


def is_free(key: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that an address is not suppressed, neither by itself nor with its domain.

    For everybody at once: PostgreSQL answers each of the two questions with one table of hashes,
    and one that asks for either of them person by person.
    """
    own, domain = (aliased(Suppression) for _ in range(2))
    by_domain = exists().where(
        domain.email_key == domain_of(key), *_between(domain.email_key), _any_domain()
    )
    return and_(~exists().where(own.email_key == key), ~by_domain)


def _any_domain() -> ColumnElement[bool]:
    """The condition that any whole domain is suppressed, asked once and not of each person."""
    any_domain = aliased(Suppression)
    return exists().where(*_between(any_domain.email_key))


def _between(key: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a key is a whole domain's: those are between these two letters."""
    return key >= "@", key < "A"


def hidden(session: Session, key: str) -> str:
    """Return the keyed hash that stands for an address key."""
    secret: bytes = session.info.get("erasing", b"")
    return HASHED + hmac.digest(secret, b"address:" + key.encode(), "sha256").hex()[:32]


def suppress(
    session: Session, key: str, reason: SuppressionReason, *, detail: str = "", now: datetime
) -> Suppression:
    """Suppress a key (an address, or `@` and a domain); the first reason for it stays.

    Only a complaint takes the place of a bounce: so it is the same whichever was told first.
    """
    # Two reports on one address at the same instant: the second finds the first one's row.
    adding = insert_into(session, Suppression).values(
        email_key=key, reason=reason, detail=detail, created_at=now
    )
    if reason is SuppressionReason.COMPLAINED:
        adding = adding.on_conflict_do_update(
            index_elements=["email_key"],
            set_={"reason": reason, "detail": detail},
            where=Suppression.reason == SuppressionReason.BOUNCED,
        )
    else:
        adding = adding.on_conflict_do_nothing(index_elements=["email_key"])
    session.execute(adding)
    person = session.scalar(select(Subscriber.id).where(Subscriber.email_key == key))
    _note(session, NoteKind.SUPPRESSED, key, now, subscriber_id=person or 0, reason=reason)
    return session.scalars(select(Suppression).where(Suppression.email_key == key)).one()


def suppress_many(
    session: Session,
    found: Sequence[tuple[str, str, int]],
    reason: SuppressionReason,
    *,
    now: datetime,
) -> None:
    """Suppress many addresses at once: key, detail, and the person's id or 0 where nobody has it."""
    rows = [
        {"email_key": key, "reason": reason, "detail": detail, "created_at": now}
        for key, detail, _ in found
    ]
    if rows:
        session.execute(
            insert_into(session, Suppression).on_conflict_do_nothing(index_elements=["email_key"]),
            rows,
        )
    for key, _, person in found:
        # Whom nobody knows here a restored backup cannot mail.
        if person:
            _note(session, NoteKind.SUPPRESSED, key, now, subscriber_id=person, reason=reason)


def unsuppress(session: Session, key: str, *, reason: str, now: datetime) -> None:
    """Take a suppression away and leave a trace with the reason; raises NotFound.

    The trace is a line of evidence on each of the person's lists.
    """
    if not reason.strip():
        raise SubscriberError("taking a suppression away needs a reason", "--reason TEXT")
    found = session.scalar(select(Suppression).where(Suppression.email_key == key))
    if found is None:
        raise _not_by_itself(session, key)
    session.execute(delete(Suppression).where(Suppression.id == found.id))
    person = session.scalar(select(Subscriber.id).where(Subscriber.email_key == key))
    _note(session, NoteKind.UNSUPPRESSED, key, now, subscriber_id=person or 0)
    lists = session.execute(
        select(Subscription.list_id, Subscription.subscriber_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(
            Subscriber.email_key.endswith(key, autoescape=True)
            if key.startswith("@")
            else Subscriber.email_key == key
        )
    ).all()
    for list_id, subscriber_id in lists:
        session.add(
            Consent(
                list_id=list_id,
                subscriber_id=subscriber_id,
                kind=ConsentKind.UNSUPPRESSED,
                at=now,
                actor="admin",
                source=reason,
            )
        )


def _not_by_itself(session: Session, key: str) -> NotFound:
    """Return what to say of an address that has no suppression of its own to take away."""
    wider = suppression_of(session, key)
    if wider is None:
        return NotFound(f"{key} is not suppressed")
    if wider.reason == SuppressionReason.ERASED:
        return NotFound(f"{key} had everything erased here", "they can sign up themselves")
    return NotFound(f"{key} is not suppressed", f"all of {wider.email_key} is: take that away")


def _note(
    session: Session,
    kind: NoteKind,
    key: str,
    now: datetime,
    *,
    subscriber_id: int,
    reason: str = "",
) -> None:
    named = key if key.startswith(("@", HASHED)) else hidden(session, key)
    note(session, kind, now, subscriber_id=subscriber_id, key=named, reason=reason)


def is_suppressed(session: Session, key: str) -> bool:
    """Say whether an address is suppressed: by itself, with its domain, or as one erased."""
    return suppression_of(session, key) is not None


def is_barred(session: Session, key: str) -> bool:
    """Say whether an address is suppressed by itself or with its domain.

    Whether it was erased is no matter: by a letter its owner may be asked whether they come back.
    """
    found = select(Suppression.id).where(Suppression.email_key.in_((key, key[key.rfind("@") :])))
    return session.scalar(found.limit(1)) is not None


def suppressed_at(session: Session, domain: str) -> int:
    """Count the addresses of a domain (`@example.org`) that are suppressed by themselves."""
    if not domain.startswith("@"):
        return 0
    those = Suppression.email_key.endswith(domain, autoescape=True)
    own = those & (Suppression.email_key != domain)
    return session.scalar(select(func.count()).where(own)) or 0


def suppression_of(session: Session, key: str) -> Suppression | None:
    """Return what keeps an address from being mailed; its own suppression before its domain's."""
    domain = key[key.rfind("@") :]
    return session.scalars(
        select(Suppression)
        .where(Suppression.email_key.in_((key, domain, hidden(session, key))))
        .order_by(func.length(Suppression.email_key).desc())
    ).first()
