"""The question whether somebody still wants a list: written to those without a sign of life.

Only people who agreed to be counted by name can be silent; of the others nothing is known. Nobody
is removed for not answering, and opens are not looked at (RULES M-2).
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from newsletter import engagement
from newsletter.errors import SettingsError
from newsletter.letters.queue import write
from newsletter.message import EventType, Visitor
from newsletter.models import Issue, Letter, LetterKind, StoredEvent
from subscribers import store
from subscribers.models import Consent, List, Subscriber, Subscription, TrackingMode

# So many issues somebody must have got, and followed no link of any.
CHANCES = 3
SELF = "self"


def silent(session: Session, list_: List, now: datetime) -> list[int]:
    """Return who gave no sign of life for so long as the list waits, and was not asked since.

    Raises SettingsError for a list that does not ask, or cannot know.
    """
    if not list_.ask_after:
        raise SettingsError(
            f"{list_.slug} asks nobody", f"newsletter lists edit {list_.slug} --ask-after 180"
        )
    if list_.click_tracking != TrackingMode.INDIVIDUAL:
        raise SettingsError(
            f"{list_.slug} counts nobody by name: nobody's silence is known",
            f"newsletter lists edit {list_.slug} --clicks individual",
        )
    since = now - timedelta(days=list_.ask_after)
    issues = session.scalars(
        select(Issue.id)
        .where(
            Issue.list_id == list_.id,
            Issue.started_at >= since,
            Issue.click_tracking == TrackingMode.INDIVIDUAL,
        )
        .order_by(Issue.id.desc())
        .limit(engagement.MOST)
    ).all()
    if len(issues) < CHANCES:
        return []
    had_chances = engagement.got(issues) >= CHANCES
    people = store.audience(list_.id, and_(had_chances, *_gave_no_sign(list_, since)))
    return list(session.scalars(people))


def ask(session: Session, list_: List, people: list[int], body: str, *, now: datetime) -> None:
    """Write the question to these people; `body` names a LetterBody."""
    for person in people:
        subscriber = session.get_one(Subscriber, person)
        write(session, LetterKind.STILL_WANT, list_, subscriber, body, now=now)


def _gave_no_sign(list_: List, since: datetime) -> tuple[ColumnElement[bool], ...]:
    clicked = exists().where(
        StoredEvent.issue_id.in_(select(Issue.id).where(Issue.list_id == list_.id)),
        StoredEvent.subscriber_id == Subscriber.id,
        StoredEvent.type == EventType.CLICKED,
        StoredEvent.visitor != Visitor.MACHINE,
        StoredEvent.at >= since,
    )
    did_something = exists().where(
        Consent.list_id == list_.id,
        Consent.subscriber_id == Subscriber.id,
        Consent.actor == SELF,
        Consent.at >= since,
    )
    was_asked = exists().where(
        Letter.list_id == list_.id,
        Letter.subscriber_id == Subscriber.id,
        Letter.kind == LetterKind.STILL_WANT,
        Letter.created_at >= since,
    )
    return (
        Subscription.tracking_consent.is_(True),
        func.coalesce(Subscription.joined_at, Subscription.changed_at) < since,
        or_(Subscriber.last_engaged_at.is_(None), Subscriber.last_engaged_at < since),
        ~clicked,
        ~did_something,
        ~was_asked,
    )
