"""How fast an issue goes, and when it will be done: read off the ledger and the log."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.issues.figures import progress
from newsletter.issues.first_wave import FIRST
from newsletter.issues.shelf import steps
from newsletter.models import Batch, Issue, IssueState

WINDOW = timedelta(minutes=1)
_GOES = ("start", "resume")
_STANDS = ("pause", "cancel", "finish")


@dataclass(frozen=True, slots=True)
class Speed:
    """Recipients a second, and about when nobody will be open any more (None: not known)."""

    per_second: float
    done_at: datetime | None


def speed(session: Session, issue: Issue, now: datetime) -> Speed | None:
    """Return how fast an issue on its way goes, None for one that is not or has no figure yet.

    By the calls that ended within a minute; where none did, by all the time it was sending.
    """
    if issue.state != IssueState.SENDING:
        return None
    spans = _spans(session, issue, now)
    ended, seconds = _ended(session, issue, now - WINDOW), _within(spans, now - WINDOW)
    seen = progress(session, issue)
    if not ended:
        ended = seen.total - seen.open - seen.skipped
        seconds = _within(spans, None)
    if not ended or seconds <= 0:
        return None
    rate = ended / seconds
    waits = issue.wave == FIRST
    done_at = None if waits else now + timedelta(seconds=seen.open / rate)
    return Speed(rate, done_at)


def _ended(session: Session, issue: Issue, since: datetime) -> int:
    found = select(func.sum(Batch.n)).where(Batch.issue_id == issue.id, Batch.submitted_at > since)
    return session.scalar(found) or 0


def _spans(session: Session, issue: Issue, now: datetime) -> list[tuple[datetime, datetime]]:
    """Return the times in which an issue was sending, the last one until now."""
    spans: list[tuple[datetime, datetime]] = []
    began: datetime | None = None
    for step in steps(session, issue):
        if step.step in _GOES and began is None:
            began = step.at
        elif step.step in _STANDS and began is not None:
            spans.append((began, step.at))
            began = None
    return [*spans, (began, now)] if began is not None else spans


def _within(spans: list[tuple[datetime, datetime]], since: datetime | None) -> float:
    cut = [(max(begin, since) if since else begin, end) for begin, end in spans]
    return sum(max((end - begin).total_seconds(), 0.0) for begin, end in cut)
