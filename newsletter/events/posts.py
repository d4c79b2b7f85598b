"""Posts of events: kept as they came before they are answered, read a moment later (RULES WH-3).

A post that cannot be read stays with the reason; one whose reading ends in a defect is tried again
a few times, by whoever comes, and then stays too. Neither keeps another one waiting.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from newsletter.events.recording import record
from newsletter.links import Links
from newsletter.message import Event
from newsletter.models import EventPost
from newsletter.providers import sendgrid_events
from subscribers.database import AWAY, Database

READERS: Mapping[str, Callable[[bytes], list[Event]]] = {
    sendgrid_events.SOURCE: sendgrid_events.events
}
KEEPING = insert(EventPost.__table__)  # type: ignore[arg-type]
WAITING = EventPost.error == ""
MOST_ATTEMPTS = 5
AT_ONCE = 20


def keep(session: Session, source: str, body: bytes, *, now: datetime) -> None:
    """Keep a post as it came; it may be answered once this is committed."""
    # A statement that is made once: this stands between a post and its answer.
    session.execute(KEEPING, {"source": source, "body": body, "received_at": now})


def catch_up(database: Database, links: Links, *, now: datetime) -> int:
    """Read every post that waits, the oldest first; return how many new reports there were."""
    new = 0
    while _waits(database):
        ids: list[int] = []
        try:
            with database.begin(many=True) as session:
                posts = _take(session)
                ids += [post.id for post in posts]
                new += _read(session, links, posts, now)
        except AWAY:
            raise
        except Exception:
            # A defect of ours: counted, so that it is not met for ever, and told.
            with database.begin() as session:
                _these(session, ids, attempts=EventPost.attempts + 1)
            raise
        if not ids:
            break
    return new


def _waits(database: Database) -> bool:
    # Mostly none does: a look that locks nothing.
    with database.read() as session:
        return session.scalar(select(EventPost.id).where(WAITING).limit(1)) is not None


def _take(session: Session) -> Sequence[EventPost]:
    """Return the next posts, which nobody else reads until this transaction ends."""
    taking = select(EventPost).where(WAITING).order_by(EventPost.id).limit(AT_ONCE)
    taken = session.scalars(taking.with_for_update(skip_locked=True)).all()
    for post in taken:
        if post.attempts >= MOST_ATTEMPTS:
            post.error = "its reading failed again and again; nothing was recorded"
    posts = [post for post in taken if not post.error]
    # One that was tried before is read alone: should it fail again, it fails no other.
    tried = next((post for post in posts if post.attempts), None)
    return posts if tried is None else [tried]


def _read(session: Session, links: Links, posts: Sequence[EventPost], now: datetime) -> int:
    read: list[int] = []
    new = record(session, links, _reports(session, posts, read), now=now)
    # The posts go with what they brought: who reads one a second time finds nothing new.
    session.execute(delete(EventPost).where(EventPost.id.in_(read)))
    return new


def _reports(session: Session, posts: Sequence[EventPost], read: list[int]) -> Iterator[Event]:
    """Yield what is in posts, and note which of them could be read."""
    for post in posts:
        try:
            reports = READERS[post.source](post.body)
        except ValueError as error:
            _these(session, [post.id], error=str(error)[:200])
        else:
            read.append(post.id)
            yield from reports


def _these(session: Session, ids: Sequence[int], **values: Any) -> None:
    session.execute(
        update(EventPost)
        .where(EventPost.id.in_(ids))
        .values(values)
        .execution_options(synchronize_session=False)
    )
