"""Finds out before anything is sent that the database is an older copy (RULES R-5)."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.app import App
from newsletter.app.sidecar import Mark, read_mark
from newsletter.issues.life import LATE_AFTER
from newsletter.models import Batch, HoldReason, Instance, Issue, IssueState
from newsletter.pace import held_until

WHO = "worker"


def hold_what_is_behind(app: App, now: datetime) -> int:
    """Pause what would leave when the database is behind its sidecar, or stood still for long.

    Returns how many issues were paused. A whole machine put back from a snapshot has an old
    sidecar too: there it shows that a send has stood still for more than an hour.
    """
    mark = read_mark(app.sidecar)
    with app.database.read() as session:
        row = session.scalars(select(Instance)).first()
    if row is None:
        return 0
    held = 0
    if mark is not None and (mark.instance != row.name or mark.claims > row.claims):
        with app.database.begin() as session:
            held = issues.hold_restored(session, detail=_why(mark, row), who=WHO, now=now)
            if mark.instance == row.name:
                session.execute(update(Instance).values(claims=mark.claims))
                row.claims = mark.claims
    if mark != (known := Mark(row.name, row.claims)):
        app.mark(known.claims)
    with app.database.begin() as session:
        return held + _hold_the_still(session, now)


def _why(mark: Mark, row: Instance) -> str:
    if mark.instance != row.name:
        return "another database was put in the place of the one that sent from here"
    return f"the database knows of {row.claims} calls, and {mark.claims} were made"


def _hold_the_still(session: Session, now: datetime) -> int:
    last = func.max(Batch.submitted_at)
    rows = session.execute(
        select(Issue, last)
        .outerjoin(Batch, Batch.issue_id == Issue.id)
        .where(Issue.state == IssueState.SENDING)
        .group_by(Issue.id)
    ).all()
    held = 0
    for issue, submitted_at in rows:
        turn = held_until(session, issue.id)
        signs = [one for one in (submitted_at, issue.started_at, issue.updated_at, turn) if one]
        if signs and now - max(signs) > LATE_AFTER:
            since = f"nothing was sent since {max(signs):%Y-%m-%d %H:%M} UTC"
            issues.pause(session, issue, reason=HoldReason.LATE, detail=since, who=WHO, now=now)
            held += 1
    return held
