"""What the outside said of each mail of an issue, as far as it is kept one by one."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.message import EventType
from newsletter.models import Issue, StoredEvent

# What somebody may have to know of a person, the weakest first; who opened is nobody's business.
TOLD = (
    EventType.DEFERRED,
    EventType.DELIVERED,
    EventType.REJECTED,
    EventType.BOUNCED,
    EventType.UNSUBSCRIBED,
    EventType.COMPLAINED,
)


class Heard(NamedTuple):
    """A report: of which kind, whose fault, and in whose words."""

    kind: str
    cause: str
    words: str

    def __str__(self) -> str:
        """Say it in a cell of a table."""
        return f"{self.kind} ({self.cause})" if self.cause else self.kind


def heard(session: Session, issue: Issue) -> dict[int, Heard]:
    """Return the strongest report on each person's mail, by their number; of two alike the last."""
    rows = session.execute(
        select(StoredEvent.subscriber_id, StoredEvent.type, StoredEvent.cause, StoredEvent.detail)
        .where(StoredEvent.issue_id == issue.id, StoredEvent.type.in_(TOLD))
        .order_by(StoredEvent.id)
    )
    found: dict[int, Heard] = {}
    for person, kind, cause, words in rows:
        before = found.get(person or 0)
        if before is None or _weight(kind) >= _weight(before.kind):
            found[person or 0] = Heard(kind, cause, words)
    return found


def _weight(kind: str) -> int:
    return TOLD.index(EventType(kind))
