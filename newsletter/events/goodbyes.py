"""Goodbyes that came through an issue's own link: one report each, taken back with the goodbye."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from newsletter.issues import packed_people
from newsletter.links import Goodbye
from newsletter.message import EventType
from newsletter.models import Delivery, StoredEvent
from subscribers.database import insert_into
from subscribers.models import Subscriber

SOURCE = "page"


def note_goodbye(session: Session, names: Goodbye, *, now: datetime) -> None:
    """Record that somebody left by the link of an issue they got; twice is once."""
    issue_id, person = names.issue_id, names.subscriber_id
    # Letters and tests bear the same link.
    packed = packed_people(issue_id).where(Subscriber.id == person)
    if session.get(Delivery, (issue_id, person)) is None and session.scalar(packed) is None:
        return
    session.execute(
        insert_into(session, StoredEvent)
        .values(
            source=SOURCE,
            source_id=_name(names),
            type=EventType.UNSUBSCRIBED,
            issue_id=issue_id,
            subscriber_id=person,
            at=now,
            received_at=now,
        )
        .on_conflict_do_nothing()
    )


def take_back_goodbye(session: Session, names: Goodbye) -> None:
    """Forget that report: the person came back by the same link within the day."""
    session.execute(
        delete(StoredEvent).where(
            StoredEvent.source == SOURCE, StoredEvent.source_id == _name(names)
        )
    )


def _name(names: Goodbye) -> str:
    return f"{names.issue_id}.{names.subscriber_id}"
