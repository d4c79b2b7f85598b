"""Posts of events: kept as they came before they are answered, read a moment later (RULES WH-3).

A post that cannot be read stays with the reason; one whose reading ends in a defect is tried again
a few times, by whoever comes, and then stays too. Neither keeps another one waiting.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from newsletter.events.recording import record
from newsletter.links import Links
from newsletter.message import Event
from newsletter.models import EventPost
from newsletter.providers import sendgrid_events
from subscribers.database import Database

READERS: Mapping[str, Callable[[bytes], list[Event]]] = {
    sendgrid_events.SOURCE: sendgrid_events.events
}
# Whoever took a post and said nothing for so long is dead.
TAKEN_FOR = timedelta(seconds=60)
MOST_ATTEMPTS = 5
AT_ONCE = 20


class _Taken(NamedTuple):
    id: int
    source: str
    body: bytes


def keep(session: Session, source: str, body: bytes, *, now: datetime) -> None:
    """Keep a post as it came; it may be answered once this is committed."""
    session.add(EventPost(source=source, body=body, received_at=now))


def catch_up(database: Database, links: Links, *, now: datetime) -> int:
    """Read every post that waits, the oldest first; return how many new reports there were."""
    new = 0
    while taken := _take(database, now):
        new += _read(database, links, taken, now)
    return new


def _take(database: Database, now: datetime) -> list[_Taken]:
    free = or_(EventPost.taken_at.is_(None), EventPost.taken_at < now - TAKEN_FOR)
    waiting = select(EventPost).where(EventPost.error == "", free)
    with database.read() as session:
        # Mostly there is none: a look that locks nothing.
        if session.scalar(waiting.with_only_columns(EventPost.id).limit(1)) is None:
            return []
    with database.begin() as session:
        session.execute(
            update(EventPost)
            .where(EventPost.error == "", EventPost.attempts >= MOST_ATTEMPTS, free)
            .values(error="its reading failed again and again; nothing was recorded")
        )
        taking = waiting.order_by(EventPost.id).limit(AT_ONCE).with_for_update(skip_locked=True)
        posts = session.scalars(taking).all()
        # One that was tried before is read alone: should it fail again, it fails no other.
        tried = next((post for post in posts if post.attempts), None)
        posts = posts if tried is None else [tried]
        for post in posts:
            post.taken_at = now
            post.attempts += 1
        return [_Taken(post.id, post.source, post.body) for post in posts]


def _read(database: Database, links: Links, taken: Sequence[_Taken], now: datetime) -> int:
    reports: list[Event] = []
    read, errors = [], {}
    for post in taken:
        try:
            reports += READERS[post.source](post.body)
            read.append(post.id)
        except ValueError as error:
            errors[post.id] = str(error)[:200]
    with database.begin() as session:
        for number, why in errors.items():
            session.execute(update(EventPost).where(EventPost.id == number).values(error=why))
        # The posts go with what they brought: who reads one a second time finds nothing new.
        session.execute(delete(EventPost).where(EventPost.id.in_(read)))
        return record(session, links, reports, now=now)
