"""Issues that left, with links, and what was reported of them and of their clicks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.events import record
from newsletter.issues import find_issue
from newsletter.message import Cause, Event, EventType, Link
from newsletter.models import Batch, BatchState, Delivery, Issue, IssueState, StoredEvent, Tally
from newsletter.reports import Report, report
from newsletter.slots import slot
from subscribers.database import Database
from subscribers.models import List
from tests.factories import NOON, make_list, make_subscriber
from tests.newsletter.events.rows import LINKS as ADDRESSES
from tests.newsletter.house import EMAIL

LINKS = (
    Link(1, "https://site.example/harbour", "The harbour is dredged", 1),
    Link(2, "https://site.example/harbour#more", "Read on", 1),
    Link(3, "https://site.example/bridge", "A bridge closes", 2),
    Link(4, "https://site.example/", "https://site.example/", None),
)
PAGE = replace(
    EMAIL,
    html="<html><head></head><body>"
    + "".join(f'<p><a href="{slot(f"link/{one.number}")}">{one.label}</a></p>' for one in LINKS)
    + f'<a href="{slot("unsubscribe")}">leave</a></body></html>',
    links=LINKS,
)


def send_issue(
    session: Session,
    list_: List,
    people: Sequence[int],
    *,
    key: str = "november",
    at: datetime = NOON,
    mode: str = "aggregate",
) -> Issue:
    """Write an issue that was submitted to these people at a moment."""
    made = issues.draft(
        session, list_, key=key, source=f"{key}.md", title=key, email=PAGE, who="editor", now=at
    ).issue
    row = session.get_one(Issue, made.id)
    row.state, row.started_at, row.finished_at = IssueState.SENT, at, at + timedelta(minutes=5)
    row.click_tracking = row.open_tracking = mode
    batch = Batch(issue_id=row.id, batch_no=1, lo=min(people), hi=max(people), n=len(people))
    batch.state, batch.submitted_at = BatchState.SUBMITTED, at
    session.add(batch)
    session.flush()
    session.add_all(Delivery(issue_id=row.id, subscriber_id=one, batch_no=1) for one in people)
    session.flush()
    return row


def readers(
    session: Session, list_: List, number: int, domain: str = "readers.example"
) -> list[int]:
    """Put so many people of one domain on a list; return their numbers."""
    return [
        make_subscriber(session, list_, f"reader{one}@{domain}", now=NOON - timedelta(days=60)).id
        for one in range(number)
    ]


def told(
    session: Session,
    issue: Issue,
    people: Sequence[int],
    kind: EventType,
    *,
    cause: Cause = Cause.NONE,
    at: datetime = NOON + timedelta(minutes=1),
    source: str = "test",
) -> None:
    """Let the provider report something of each of these people."""
    events = [
        Event(
            source,
            f"{kind}-{issue.id}-{person}",
            kind,
            at,
            ADDRESSES.seal_delivery(issue.id, person),
            "550 <b>no</b>",
            cause,
        )
        for person in people
    ]
    record(session, ADDRESSES, events, now=at)


def hit(session: Session, issue: Issue, link: int, visitor: str, n: int = 1, **more: Any) -> None:
    """Let a link (0: the pixel) be asked for so often by nobody in particular."""
    given = {"hour": NOON, "reason": "navigated"} | more
    session.add(Tally(issue_id=issue.id, link=link, visitor=visitor, n=n, **given))
    session.flush()


def named(
    session: Session, issue: Issue, person: int, link: int, visitor: str, *, at: datetime = NOON
) -> None:
    """Let somebody who agreed be counted on a link (0: the pixel)."""
    number = f"{issue.id}.{person}.{link}.{visitor}.{at:%H%M}"
    session.add(
        StoredEvent(
            source="own",
            source_id=number,
            type=EventType.CLICKED if link else EventType.OPENED,
            issue_id=issue.id,
            subscriber_id=person,
            at=at,
            received_at=at,
            detail="navigated",
            link=link,
            visitor=visitor,
        )
    )
    session.flush()


def november(session: Session) -> tuple[Issue, list[int]]:
    """Write an issue of which something of every kind is known; return it and its people."""
    list_ = make_list(session)
    people = readers(session, list_, 12) + readers(session, list_, 6, "gmail.com")
    people += readers(session, list_, 2, "small.example")
    issue = send_issue(session, list_, people)
    told(session, issue, people[:9], EventType.DELIVERED)
    told(session, issue, people[12:18], EventType.DELIVERED)
    told(session, issue, people[8:9], EventType.COMPLAINED, at=NOON + timedelta(hours=3))
    told(session, issue, people[9:10], EventType.BOUNCED, cause=Cause.ADDRESS)
    told(session, issue, people[10:11], EventType.BOUNCED, cause=Cause.MAILBOX)
    told(session, issue, people[11:12], EventType.DEFERRED)
    told(session, issue, people[18:19], EventType.REJECTED, cause=Cause.GOODBYE)
    hit(session, issue, 1, "person", 4)
    hit(session, issue, 1, "machine", 9, reason="burst")
    hit(session, issue, 2, "unknown", 2, reason="unsure")
    hit(session, issue, 3, "person", 1, hour=NOON + timedelta(days=3))
    hit(session, issue, 0, "machine", 6, reason="proxy")
    hit(session, issue, 0, "person", 3, reason="displayed")
    return issue, people


def report_of(database: Database, key: str, *, now: datetime = NOON + timedelta(days=1)) -> Report:
    """Return the report of an issue as a command would."""
    with database.read() as session:
        return report(session, find_issue(session, key), now=now)
