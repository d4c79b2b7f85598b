"""An issue that left at NOON, for hits to be counted on."""

from dataclasses import replace

from newsletter import issues
from newsletter.message import Link
from newsletter.models import Batch, BatchState, Delivery, Issue, IssueState
from subscribers.database import Database
from subscribers.models import List
from tests.factories import NOON, make_list, make_subscriber
from tests.newsletter.house import EMAIL

LINKS = tuple(
    Link(number, f"https://site.example/{number}", f"Story {number}", number)
    for number in range(1, 6)
)


def issue_sent(database: Database, *, people: int = 0, mode: str = "aggregate") -> list[int]:
    """Write issue 1, submitted at NOON to some people; return their numbers."""
    with database.begin() as session:
        list_ = make_list(session, click_tracking=mode, open_tracking=mode)
        made = issues.draft(
            session,
            session.get_one(List, list_.id),
            key="november",
            source="november.md",
            title="November",
            email=replace(EMAIL, links=LINKS),
            who="editor",
            now=NOON,
        ).issue
        row = session.get_one(Issue, made.id)
        row.state, row.started_at = IssueState.SENT, NOON
        found = [make_subscriber(session, list_).id for _ in range(people)]
        if found:
            batch = Batch(issue_id=row.id, batch_no=1, lo=found[0], hi=found[-1], n=people)
            batch.state, batch.submitted_at = BatchState.SUBMITTED, NOON
            session.add(batch)
            session.flush()
            session.add_all(
                Delivery(issue_id=row.id, subscriber_id=one, batch_no=1) for one in found
            )
        return found
