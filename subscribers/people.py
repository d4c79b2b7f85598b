"""Subscribers: found, and taken in once however many ask at the same instant."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers.address import Address, piece_of
from subscribers.database import insert_into
from subscribers.models import Subscriber
from subscribers.names import tidy


def take_in(session: Session, address: Address, name: str, now: datetime) -> Subscriber:
    """Return the one row of an address, made when it is new, and locked until the commit.

    A name given later does not replace the first: whoever typed it may be somebody else.
    """
    row = {
        "email": address.email,
        "email_key": address.key,
        "name": tidy(name),
        "attributes": {},
        "created_at": now,
    }
    session.execute(
        insert_into(session, Subscriber)
        .values(row)
        .on_conflict_do_nothing(index_elements=["email_key"])
    )
    # NO KEY UPDATE: a line of evidence of another session may refer to the row meanwhile, which
    # would otherwise wait for us while we wait for its subscription.
    return session.scalars(
        select(Subscriber)
        .where(Subscriber.email_key == address.key)
        .with_for_update(key_share=True)
    ).one()


def find(session: Session, key: str) -> Subscriber | None:
    """Return the person of an address key."""
    return session.scalar(select(Subscriber).where(Subscriber.email_key == key))


def search(session: Session, prefix: str, *, limit: int, after: str = "") -> Sequence[Subscriber]:
    """Return people whose address begins with `prefix`, by key, from the first one after a key.

    The index answers, however many there are and however far it is gone on.
    """
    key, start = Subscriber.email_key, piece_of(prefix)
    return session.scalars(
        select(Subscriber)
        # One lower bound and no second: SQLite begins to read at the first that it finds.
        .where(key > after if after >= start else key >= start)
        .where(key < start + "\U0010ffff")
        .order_by(key)
        .limit(limit)
    ).all()
