"""What the outside says while an issue is sent: it goes on, or is stopped before all have it."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.errors import IssueError
from newsletter.issues.feedback import feedback
from newsletter.issues.first_wave import FIRST, first_wave, open_rest
from newsletter.models import HoldReason, Issue, IssueState
from subscribers.database import Database

# A look costs a few counts, so that not every round takes one.
WATCH_EVERY = timedelta(seconds=5)


def watch(database: Database, *, hears: bool, who: str, now: datetime) -> int:
    """Judge every issue on its way, and return how many went on to their rest or were paused.

    `hears`: reports come in, so that silence after a first wave means something.
    """
    with database.read() as session:
        sending = session.scalars(select(Issue).where(Issue.state == IssueState.SENDING)).all()
        found = [(issue.id, *_judged(session, issue, hears, now)) for issue in sending]
    changed = 0
    for issue_id, reason, detail in found:
        if reason is None and not detail:
            continue
        # Refused when somebody else paused or cancelled it first.
        with suppress(IssueError), database.begin() as session:
            issue = session.get_one(Issue, issue_id)
            if reason is None:
                changed += open_rest(session, issue, detail=detail, who=who, now=now)
            else:
                issues.pause(session, issue, reason=reason, detail=detail, who=who, now=now)
                changed += 1
    return changed


def _judged(
    session: Session, issue: Issue, hears: bool, now: datetime
) -> tuple[HoldReason | None, str]:
    """Return why an issue must stop (None: it need not), and what was seen when there is news."""
    if issue.wave == FIRST:
        wave = first_wave(session, issue)
        if wave is None or not wave.is_over(now):
            return None, ""
        return wave.judgement(hears=hears)
    if not issue.watched:
        return None, ""
    seen = feedback(session, issue, exact=False)
    reason = seen.broken()
    return reason, str(feedback(session, issue)) if reason else ""
