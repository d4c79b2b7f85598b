"""Issues and their logs, as a person reads them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.models import Issue, IssueStep


def newest(session: Session, *, list_id: int | None = None) -> Sequence[Issue]:
    """Return all issues, or those of one list, the newest first."""
    found = select(Issue).order_by(Issue.id.desc())
    if list_id is not None:
        found = found.where(Issue.list_id == list_id)
    return session.scalars(found).all()


def steps(session: Session, issue: Issue) -> Sequence[IssueStep]:
    """Return what was done to an issue, the oldest first."""
    return session.scalars(
        select(IssueStep).where(IssueStep.issue_id == issue.id).order_by(IssueStep.id)
    ).all()
