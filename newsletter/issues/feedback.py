"""What the outside said of an issue so far, against the limits at which it is stopped."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from newsletter.issues.figures import progress
from newsletter.message import EventType
from newsletter.models import (
    ITS_BATCH,
    TROUBLE,
    Batch,
    BatchState,
    Delivery,
    HoldReason,
    Issue,
    StoredEvent,
)
from subscribers.models import Subscriber

# RULES DL-2.
MOST_BOUNCES = 0.05
MOST_COMPLAINTS = 0.003
JUDGED_FROM = 200
# They tell nobody who complained.
SILENT_DOMAINS = ("gmail.com", "googlemail.com")
# After one of these no other report decides what became of a mail.
FINAL = frozenset(EventType) - {EventType.PROCESSED, EventType.DEFERRED, EventType.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Feedback:
    """Of `people` that were tried: how many bounced or were refused, and how many complained.

    `reporting`: how many of them are where complaints are reported at all.
    """

    people: int
    bounced: int
    complained: int
    reporting: int

    def broken(self, *, judged_from: int = JUDGED_FROM) -> HoldReason | None:
        """Return the limit that is broken, None for none (RULES DL-2).

        Bounces count from `judged_from` people on, complaints from 200 that could be heard.
        """
        if self.people >= max(judged_from, 1) and self.bounced >= MOST_BOUNCES * self.people:
            return HoldReason.BOUNCES
        if self.reporting >= JUDGED_FROM and self.complained >= MOST_COMPLAINTS * self.reporting:
            return HoldReason.COMPLAINTS
        return None

    def __str__(self) -> str:
        """Say it in words, and what nobody can know."""
        bounced = f"{self.bounced:,} of {self.people:,} bounced{_share(self.bounced, self.people)}"
        complained = f"{self.complained:,} of {self.reporting:,} complained"
        complained += _share(self.complained, self.reporting)
        silent = self.people - self.reporting
        unknown = f" ({silent:,} at Gmail, which reports no complaint)" if silent else ""
        return f"{bounced}, {complained}{unknown}"


def feedback(session: Session, issue: Issue, *, exact: bool = True) -> Feedback:
    """Return what is known of everybody who was tried so far.

    Where complaints are not reported is counted when there are any, or with `exact`: it costs a
    look at every address.
    """
    seen = progress(session, issue)
    people = seen.submitted + seen.failed
    bounced = _reported(session, issue.id, EventType.BOUNCED, EventType.REJECTED) + seen.failed
    complained = _reported(session, issue.id, EventType.COMPLAINED)
    silent = silent_people(session, issue.id) if exact or complained else 0
    return Feedback(people, min(bounced, people), complained, max(people - silent, 0))


def reported(session: Session, issue: Issue) -> int:
    """Return of how many the fate is known: a final report, or none is to come."""
    seen = progress(session, issue)
    told = session.scalar(
        select(func.count(StoredEvent.subscriber_id.distinct())).where(
            StoredEvent.issue_id == issue.id, StoredEvent.type.in_(FINAL)
        )
    )
    return (told or 0) + seen.failed + seen.skipped


def _reported(session: Session, issue_id: int, *types: EventType) -> int:
    found = select(func.count(StoredEvent.subscriber_id.distinct())).where(
        StoredEvent.issue_id == issue_id, StoredEvent.type.in_(types), TROUBLE
    )
    return session.scalar(found) or 0


def silent_people(session: Session, issue_id: int) -> int:
    """Return how many of those that were tried are where complaints are not reported."""
    found = (
        select(func.count())
        .select_from(Batch)
        .join(Delivery, ITS_BATCH)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(
            Batch.issue_id == issue_id,
            Batch.state.in_((BatchState.SUBMITTED, BatchState.FAILED)),
            or_(*(Subscriber.email_key.endswith(f"@{domain}") for domain in SILENT_DOMAINS)),
        )
    )
    return session.scalar(found) or 0


def _share(part: int, whole: int) -> str:
    return f" ({part / whole:.2%})" if part else ""
