"""A post's issue before it is scheduled: written, and written anew as often as one likes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.errors import IssueError, KeyTaken
from newsletter.issues.amending import mended
from newsletter.issues.frozen import columns, keep
from newsletter.issues.stepping import log
from newsletter.message import RenderedEmail
from newsletter.models import Issue, IssueState
from subscribers.database import insert_into
from subscribers.models import List

# Frozen with the text, and no part of its hash.
NOT_SAID = ("click_tracking", "open_tracking", "counted_by", "text_links", "utm", "errors")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Outcome(StrEnum):
    """What `draft` did. ALREADY: it was scheduled or sent before, and nothing was touched."""

    CREATED = "created"
    REWRITTEN = "rewritten"
    UNCHANGED = "unchanged"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class Drafted:
    """An issue and what became of it; `changed`: the post says something else than the issue."""

    issue: Issue
    outcome: Outcome
    changed: bool = False


def draft(
    session: Session,
    list_: List,
    *,
    key: str,
    source: str,
    title: str,
    email: RenderedEmail,
    web_url: str = "",
    errors: Sequence[str] = (),
    who: str,
    now: datetime,
) -> Drafted:
    """Write the issue of a post, or write it anew while it is a draft.

    `errors` are the codes of what a check found that stops a send; `schedule` asks for them. Same
    key and source, but scheduled or sent before: nothing is touched (ALREADY). An issue
    cancelled before it reached anybody is a draft again. Raises KeyTaken when the key belongs to
    another post, IssueError for a key that fits into no address.
    """
    _require_key(key)
    values = columns(list_, title=title, email=email, web_url=web_url) | {"errors": list(errors)}
    fixed = {"list_id": list_.id, "key": key, "source": source}
    keep(session, email.assets)
    created = session.scalar(
        insert_into(session, Issue)
        .values(**fixed, **values, created_at=now, updated_at=now)
        .on_conflict_do_nothing()
        .returning(Issue.id)
    )
    # The lock makes a second job with the same post wait until the first has scheduled it.
    issue = session.scalars(
        select(Issue)
        .where(Issue.list_id == list_.id, Issue.key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if created is not None:
        log(session, issue, "draft", who=who, now=now)
        return Drafted(issue, Outcome.CREATED)
    _require_own(issue, source)
    again = _again(session, issue, values, who=who, now=now)
    if again.outcome is Outcome.ALREADY and issue.variant:
        said = mended(issue, title=title, email=email)
        return replace(again, changed=said["content_hash"] != issue.content_hash)
    return again


def foreseen(session: Session, list_: List, *, key: str, source: str) -> Issue | None:
    """Return the issue that `draft` would find for a post, or None; nothing is written.

    Raises KeyTaken and IssueError as it does.
    """
    _require_key(key)
    issue = session.scalar(select(Issue).where(Issue.list_id == list_.id, Issue.key == key))
    if issue is not None:
        _require_own(issue, source)
    return issue


def is_closed(issue: Issue) -> bool:
    """Say whether a post writes its issue anew no more: it was scheduled, and not cancelled in time."""
    revived = issue.state == IssueState.CANCELLED and issue.frozen_at is None
    return not revived and issue.state not in (IssueState.DRAFT, IssueState.TESTED)


def _require_key(key: str) -> None:
    if not KEY.fullmatch(key):
        raise IssueError(f"{key!r} is no key of an issue", "--key takes a-z, 0-9 and -")


def _require_own(issue: Issue, source: str) -> None:
    if issue.source != source:
        raise KeyTaken(
            f"{issue.list_slug}/{issue.key} belongs to {issue.source}",
            "choose another with --key KEY",
        )


def _again(
    session: Session, issue: Issue, values: dict[str, Any], *, who: str, now: datetime
) -> Drafted:
    changed = issue.content_hash != values["content_hash"]
    if is_closed(issue):
        return Drafted(issue, Outcome.ALREADY, changed)
    revived = issue.state == IssueState.CANCELLED
    if not revived and not changed:
        for name in NOT_SAID:
            setattr(issue, name, values[name])
        return Drafted(issue, Outcome.UNCHANGED)
    for name, value in values.items():
        setattr(issue, name, value)
    issue.state = IssueState.DRAFT
    issue.updated_at = now
    # What was true of its earlier time: it has not ended, and is rehearsed again.
    issue.scheduled_at = issue.rehearsed_at = issue.finished_at = None
    log(session, issue, "draft", who=who, now=now, detail="revived" if revived else "rewritten")
    session.flush()
    return Drafted(issue, Outcome.REWRITTEN, changed)
