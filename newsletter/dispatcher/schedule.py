"""What the clock does to issues: starts those due, holds the late, wakes the held, ends the done."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.dispatcher.audience import freeze
from newsletter.errors import IssueError
from newsletter.issues.life import LATE_AFTER
from newsletter.issues.stepping import lock
from newsletter.models import HoldReason, Issue, IssueState
from newsletter.pace import NO_LIMITS, Limits, breaker
from subscribers.database import Database

Announce = Callable[[Session], None]


def start_due(
    database: Database,
    *,
    size: int,
    limits: Limits = NO_LIMITS,
    stepwise: bool = False,
    hears: bool = False,
    announce: Announce | None = None,
    who: str,
    now: datetime,
) -> int:
    """Start every issue whose time has come and which may be read, and return how many; see `freeze`.

    `announce` is called in the transaction that freezes one. One that is more than an hour late waits for a person (RULES R-5).
    """
    with database.read() as session:
        due = session.execute(
            select(Issue.id, Issue.scheduled_at, Issue.is_live).where(
                Issue.state == IssueState.SCHEDULED, Issue.scheduled_at <= now
            )
        ).all()
    started = 0
    for issue_id, scheduled_at, is_live in due:
        try:
            if scheduled_at and now - scheduled_at > LATE_AFTER:
                _hold_late(database, issue_id, scheduled_at, who=who, now=now)
            elif is_live:
                with database.begin(trusting=True) as session:
                    freeze(
                        session,
                        issue_id,
                        size=size,
                        limits=limits,
                        stepwise=stepwise,
                        hears=hears,
                        who=who,
                        now=now,
                    )
                    if announce is not None:
                        announce(session)
                started += 1
        except IssueError:
            pass  # started, paused or cancelled by somebody else meanwhile
        except OperationalError as error:
            # Two workers froze it at once and PostgreSQL let one through; this one undid its own.
            if getattr(error.orig, "sqlstate", "") != "40001":
                raise
    finish_done(database, who=who, now=now)
    return started


def resume_due(database: Database, *, who: str, now: datetime) -> int:
    """Let issues go on that were held for the provider, and return how many.

    Their time has come, or it answered somebody else.
    """
    with database.read() as session:
        due = session.scalars(
            select(Issue.id).where(
                Issue.state == IssueState.PAUSED,
                Issue.hold_reason == HoldReason.PROVIDER,
                (Issue.resume_at <= now) | literal(not breaker.is_open(session)),
            )
        ).all()
    for issue_id in due:
        try:
            with database.begin() as session:
                lock(session, issue_id)
                issue = session.get_one(Issue, issue_id)
                # A person may have held it since.
                if issue.hold_reason == HoldReason.PROVIDER:
                    issues.resume(session, issue, who=who, now=now)
        except IssueError:
            pass  # somebody else was first
    return len(due)


def finish_done(database: Database, *, who: str, now: datetime) -> None:
    """Finish every issue in which nothing is open any more."""
    with database.read() as session:
        sending = session.scalars(select(Issue.id).where(Issue.state == IssueState.SENDING)).all()
        done = [issue_id for issue_id in sending if not issues.is_open(session, issue_id)]
    for issue_id in done:
        with database.begin() as session:
            issues.finish(session, issue_id, who=who, now=now)


def _hold_late(
    database: Database, issue_id: int, scheduled_at: datetime, *, who: str, now: datetime
) -> None:
    with database.begin() as session:
        issues.pause(
            session,
            session.get_one(Issue, issue_id),
            reason=HoldReason.LATE,
            detail=f"it was due at {scheduled_at.isoformat(timespec='minutes')}",
            who=who,
            now=now,
        )
