"""Issues that left, their people, and what is true of everybody once reports were read."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from newsletter import issues
from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.message import Cause, Event, EventType
from newsletter.models import Batch, BatchState, Delivery, Issue, IssueState, StoredEvent
from subscribers.database import Database
from subscribers.models import List, Subscriber, Subscription, Suppression
from tests.factories import NOON, make_list
from tests.newsletter.house import EMAIL, KEY, address

LINKS = Links("https://news.example.org", KeyRing([KEY]))


def send(
    database: Database, people: int, *, issues_: int = 1, state: str = BatchState.SUBMITTED
) -> None:
    """Write issues 1…, a day apart, each to the same people 1…."""
    with database.begin() as session:
        list_ = make_list(session)
        rows: list[dict[str, Any]] = [
            {"id": number, "email": address(number), "email_key": address(number), "name": "",
             "attributes": {}, "created_at": NOON}
            for number in range(1, people + 1)
        ]  # fmt: skip
        session.execute(insert(Subscriber), rows)
        session.execute(
            insert(Subscription),
            [
                {"list_id": list_.id, "subscriber_id": row["id"], "state": "active", "changed_at": NOON}
                for row in rows
            ],
        )  # fmt: skip
        for number in range(1, issues_ + 1):
            _issue(database, session, list_.id, number, people, state)


def _issue(
    database: Database, session: Any, list_id: int, number: int, people: int, state: str
) -> None:
    made = issues.draft(
        session, session.get_one(List, list_id), key=f"issue-{number}", source=f"{number}.md",
        title=f"Issue {number}", email=EMAIL, who="editor", now=NOON,
    ).issue  # fmt: skip
    row = session.get_one(Issue, made.id)
    row.started_at = NOON + timedelta(days=number)
    row.state = IssueState.SENT if state == BatchState.SUBMITTED else IssueState.SENDING
    session.add(Batch(issue_id=row.id, batch_no=1, lo=1, hi=people, n=people, state=state))
    session.flush()
    session.execute(
        insert(Delivery),
        [{"issue_id": row.id, "subscriber_id": one, "batch_no": 1} for one in range(1, people + 1)],
    )


def report(
    kind: EventType,
    person: int,
    *,
    issue: int = 1,
    cause: Cause = Cause.NONE,
    name: str = "",
    at: datetime = NOON,
    detail: str = "",
) -> Event:
    """Return a report on somebody's mail, named after what it says unless a name is given."""
    return Event(
        source="test",
        source_id=name or f"{kind}-{cause}-{issue}-{person}",
        type=kind,
        at=at,
        token=LINKS.seal_delivery(issue, person),
        detail=detail,
        cause=cause,
    )


def truth(database: Database) -> dict[str, Any]:
    """Return all that must be the same whatever the order in which reports came."""
    with database.read() as session:
        return {
            "suppressed": {
                (row.email_key, row.reason) for row in session.scalars(select(Suppression))
            },
            "left": {
                row.subscriber_id
                for row in session.scalars(select(Subscription))
                if row.state == "unsubscribed"
            },
            "events": {
                (row.source_id, row.type, row.issue_id, row.subscriber_id, row.cause)
                for row in session.scalars(select(StoredEvent))
            },
            "batches": {(row.issue_id, row.state) for row in session.scalars(select(Batch))},
        }
