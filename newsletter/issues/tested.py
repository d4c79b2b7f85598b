"""Tests of an issue's content, before it is sent to anybody else."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter.errors import IssueError
from newsletter.issues.stepping import log, name_of
from newsletter.models import Issue, IssueState, TestSend


def record_test(
    session: Session,
    issue: Issue,
    *,
    number: int,
    to: str,
    who: str,
    now: datetime,
    content_hash: str | None = None,
) -> None:
    """Record that a content was tested; by default the issue's present one.

    The content counts wherever it is scheduled; the issue is TESTED when it still says the same.
    """
    content = content_hash or issue.content_hash
    session.add(TestSend(issue_id=issue.id, number=number, content_hash=content, to=to, at=now))
    session.execute(
        update(Issue)
        .where(
            Issue.id == issue.id,
            Issue.state == IssueState.DRAFT,
            Issue.content_hash == content,
        )
        .values(state=IssueState.TESTED, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    log(session, issue, "test", who=who, now=now, detail=f"[Test {number}] to {to}")
    session.flush()
    session.refresh(issue)


def require_test(session: Session, issue: Issue, content_hash: str = "") -> None:
    """Refuse with IssueError unless this very content was tested, by whichever issue.

    It is the issue's present one unless its hash is given.
    """
    content = content_hash or issue.content_hash
    found = select(TestSend.id).where(TestSend.content_hash == content).limit(1)
    if session.scalar(found) is None:
        # By its key an issue is tested as it was frozen, which is not what is asked here.
        what, then = ("POST", "amend") if content_hash else (name_of(issue), "send")
        raise IssueError(
            f"{name_of(issue)}: this very text was never tested",
            f"newsletter test {what} --to you@…, look at it, then {then}; or --no-test",
        )
