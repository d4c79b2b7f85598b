"""Issues found again, and what was done to each."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.models import Issue, IssueState, IssueStep
from subscribers.errors import NotFound


def find_issue(session: Session, name: str) -> Issue:
    """Return the issue that a person means: its number, `list/key`, or a key on the only list
    that has it; raises NotFound.
    """
    slug, slash, key = name.rpartition("/")
    found = select(Issue).where(Issue.key == key)
    if slash:
        found = found.where(Issue.list_slug == slug)
    issues = session.scalars(found.limit(2)).all()
    if len(issues) == 1:
        return issues[0]
    if issues:
        places = " and ".join(f"{issue.list_slug}/{issue.key}" for issue in issues)
        raise NotFound(f"{name} may be {places}", "name the list too: LIST/KEY")
    numbered = session.get(Issue, int(name)) if name.isdecimal() and len(name) < 10 else None
    if numbered is None:
        raise NotFound(f"there is no issue {name}", "newsletter issues lists them")
    return numbered


def newest(
    session: Session, *, list_id: int | None = None, limit: int | None = None
) -> Sequence[Issue]:
    """Return the issues of one list or of all, the newest first."""
    found = select(Issue).order_by(Issue.created_at.desc(), Issue.id.desc()).limit(limit)
    return session.scalars(
        found if list_id is None else found.where(Issue.list_id == list_id)
    ).all()


def latest(session: Session, list_id: int) -> Issue | None:
    """Return the newest issue of a list that went out or is about to; None before the first."""
    going = (IssueState.SCHEDULED, IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)
    return session.scalar(
        select(Issue)
        .where(Issue.list_id == list_id, Issue.state.in_(going))
        .order_by(Issue.frozen_at.desc(), Issue.id.desc())
        .limit(1)
    )


def steps(session: Session, issue: Issue) -> Sequence[IssueStep]:
    """Return what was done to an issue, by whom and why, the oldest first."""
    return session.scalars(
        select(IssueStep).where(IssueStep.issue_id == issue.id).order_by(IssueStep.id)
    ).all()
