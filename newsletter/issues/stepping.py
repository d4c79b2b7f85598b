"""How an issue takes a step: one conditional UPDATE and one line of the log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter.errors import IssueError
from newsletter.models import Issue, IssueState, IssueStep

MENDS = {
    IssueState.DRAFT: "newsletter send schedules it",
    IssueState.TESTED: "newsletter send schedules it",
    IssueState.SCHEDULED: "newsletter pause or cancel stops it",
    IssueState.SENDING: "newsletter pause stops it",
    IssueState.PAUSED: "newsletter resume lets it go on",
    IssueState.SENT: "newsletter show {name} tells who has it; newsletter send CORRECTION "
    "--to-reached {name} mails them another post",
    IssueState.CANCELLED: "newsletter send --resend-as KEY mails it under another key",
}


def take_step(
    session: Session,
    issue: Issue,
    step: str,
    sources: Sequence[IssueState],
    target: IssueState,
    *,
    who: str,
    now: datetime,
    detail: str = "",
    **values: Any,
) -> None:
    """Take one step: a conditional UPDATE with these values, and a line of the log."""
    session.flush()
    changed = session.execute(
        update(Issue)
        .where(Issue.id == issue.id, Issue.state.in_(sources))
        .values(state=target, updated_at=now, **values)
        .returning(Issue.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    session.refresh(issue)
    if changed is None:
        raise refusal(issue, step)
    log(session, issue, step, who=who, now=now, detail=detail)
    session.flush()


def refusal(issue: Issue, step: str) -> IssueError:
    """Return the error that says why an issue cannot take this step where it stands."""
    held = f" ({issue.hold_reason})" if issue.hold_reason else ""
    state = IssueState(issue.state)
    mend = MENDS[state].format(name=name_of(issue))
    return IssueError(f"{name_of(issue)} is {state}{held}: it cannot {step}", mend)


def lock(session: Session, issue_id: int) -> None:
    """Hold an issue's row: whoever splits its batches or settles them comes one by one."""
    session.execute(select(Issue.id).where(Issue.id == issue_id).with_for_update())


def log(
    session: Session, issue: Issue, step: str, *, who: str, now: datetime, detail: str = ""
) -> None:
    """Write one line of an issue's log."""
    session.add(IssueStep(issue_id=issue.id, at=now, who=who, step=step, detail=detail))


def because(what: str, why: str) -> str:
    """Return what a step did, with what whoever took it said of it."""
    return ": ".join(filter(None, (what, why)))


def name_of(issue: Issue) -> str:
    """Return how an issue is named in a sentence and in a command."""
    return f"{issue.list_slug}/{issue.key}"
