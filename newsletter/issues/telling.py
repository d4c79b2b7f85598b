"""What somebody has to be told: a row, written with what causes it, and sent by the worker."""

import re
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from newsletter.models import Alert, HoldReason, Issue
from subscribers.database import insert_into

# Told only while somebody is in doubt; what a report settles within a minute is told to nobody.
DOUBT, DOUBTED = "in-doubt", timedelta(minutes=1)
# What goes on by itself is told of when it did not.
BY_ITSELF = (HoldReason.PROVIDER, HoldReason.NOT_LIVE)
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,@]+@[^\s<>()\[\]:;,@]+")
PATIENCE = timedelta(minutes=10)


def tell(
    session: Session,
    cause: str,
    *,
    title: str,
    text: str,
    now: datetime,
    issue: Issue | None = None,
    hold_reason: str = "",
    patience: timedelta = timedelta(),
) -> None:
    """Let somebody be told, once a day for each cause, after so long; nothing is sent here.

    With `hold_reason` it is told only while the issue is held for it. No mail address is told:
    what a provider said may name a reader.
    """
    session.execute(
        insert_into(session, Alert)
        .values(
            cause=f"{cause}:{now:%Y-%m-%d}",
            issue_id=issue.id if issue else None,
            hold_reason=hold_reason,
            title=title,
            text=_ADDRESS.sub("…", text),
            created_at=now,
            next_at=now + patience,
        )
        .on_conflict_do_nothing(index_elements=["cause"])
    )


def tell_of_pause(
    session: Session, issue: Issue, reason: HoldReason, detail: str, now: datetime
) -> None:
    """Let somebody be told that an issue was held; not what a person did by hand."""
    if reason is HoldReason.OPERATOR:
        return
    name = f"{issue.list_slug}/{issue.key}"
    tell(
        session,
        f"paused:{issue.id}:{reason}",
        title=f"{name} is paused: {reason}",
        text=f"{detail or reason}\n\nnewsletter show {name}",
        issue=issue,
        hold_reason=reason,
        patience=PATIENCE if reason in BY_ITSELF else timedelta(),
        now=now,
    )
