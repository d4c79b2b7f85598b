"""The steps of an issue's life: each one conditional UPDATE and one line of the log.

draft → tested → scheduled → sending ⇄ paused → sent | cancelled. Every step takes `who` asks
and `now`, raises IssueError with a mend when the issue stands elsewhere, and commits nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from newsletter.errors import IssueError
from newsletter.issues.ending import finish, is_open
from newsletter.issues.stepping import because, lock, name_of, take_step
from newsletter.issues.telling import BY_ITSELF, tell_of_pause
from newsletter.issues.tested import require_test
from newsletter.models import HoldReason, Issue, IssueState
from subscribers.models import List

LATE_AFTER = timedelta(hours=1)
# What a resume after a hold stands by: the hold is not to come again for the same reason.
UNJUDGED = {"wave": 1, "watched": False}
IN_SPITE: Mapping[HoldReason, Mapping[str, Any]] = {
    HoldReason.FIRST_WAVE: UNJUDGED,
    HoldReason.BOUNCES: UNJUDGED,
    HoldReason.COMPLAINTS: UNJUDGED,
    HoldReason.NOT_LIVE: {"is_live": True},
}
OPEN = (IssueState.DRAFT, IssueState.TESTED)


def schedule(
    session: Session,
    issue: Issue,
    *,
    at: datetime | None = None,
    who: str,
    now: datetime,
    no_test: bool = False,
    segment: str = "",
    corrects: Issue | None = None,
    first: str = "",
    over: timedelta = timedelta(),
    live_check: bool | None = None,
    allow: Sequence[str] = (),
) -> None:
    """Freeze an issue for `at` (None: now); from here on nothing of its text is read elsewhere.

    `segment` narrows the audience when it starts, to those whom `corrects` reached if there is one;
    `first` says how many go first; whoever passes these has tried that they can be read. `over` is how long it is to take, 0 for no matter. With
    `live_check` it starts only when what it shows was found; False says that somebody wants none.

    Refuses without a test of this content (`no_test` overrides), with an error found in its post
    that is not among the codes of `allow`, and without sender, postal address
    and privacy notice (RULES L-2). The log keeps what was overridden.
    """
    require_imprint(session, issue, "send")
    if issue.state in OPEN:
        require_mended(issue, issue.errors, allow)
        if not no_test:
            require_test(session, issue)
    when = at or now
    detail = when.isoformat(timespec="seconds") + (", without a test" if no_test else "")
    detail += f", for {segment}" if segment else ""
    detail += f", to those whom {corrects.key} reached" if corrects else ""
    detail += f", over {over}" if over else ""
    detail += ", without a live check" if live_check is False else ""
    detail += f", in spite of {', '.join(issue.errors)}" if issue.errors else ""
    take_step(
        session,
        issue,
        "schedule",
        OPEN,
        IssueState.SCHEDULED,
        who=who,
        now=now,
        detail=detail,
        scheduled_at=when,
        segment=segment,
        corrects=corrects.id if corrects else None,
        first=first,
        over=int(over.total_seconds()),
        is_live=not live_check,
    )


def require_imprint(session: Session, issue: Issue, then: str) -> None:
    """Refuse with IssueError what must not leave: it says not who sends it, where from, and why.

    `then`: the command to give again.
    """
    missing = [
        what
        for what, value in (
            ("sender name", issue.sender_name),
            ("sender address", issue.sender_address),
            ("postal address", issue.postal_address),
            ("privacy notice", session.get_one(List, issue.list_id).privacy_url),
        )
        if not value.strip()
    ]
    if missing:
        raise IssueError(
            f"{name_of(issue)}: the list has no {' and no '.join(missing)}",
            f"newsletter lists edit {issue.list_slug} --from … --postal … --privacy-url …, "
            f"then {then} the post again",
        )


def require_mended(issue: Issue, errors: Sequence[str], allow: Sequence[str]) -> None:
    """Refuse with IssueError a post with errors that are not allowed."""
    stopping = [code for code in errors if code not in allow]
    if stopping:
        raise IssueError(
            f"{name_of(issue)}: its post has errors ({', '.join(stopping)})",
            "mend them and draft it anew, or --allow CODE for each",
        )


def start(session: Session, issue: Issue, *, who: str, now: datetime) -> None:
    """Begin to send; whoever calls freezes the audience in the same transaction."""
    take_step(
        session,
        issue,
        "start",
        (IssueState.SCHEDULED,),
        IssueState.SENDING,
        who=who,
        now=now,
        frozen_at=now,
        started_at=now,
    )


def pause(
    session: Session,
    issue: Issue,
    *,
    reason: HoldReason = HoldReason.OPERATOR,
    detail: str = "",
    resume_at: datetime | None = None,
    who: str,
    now: datetime,
) -> None:
    """Hold an issue: what is on its way ends, nothing more is claimed.

    A person may also hold one that would go on by itself, so that it waits for a person.
    """
    sources: tuple[IssueState, ...] = (IssueState.SCHEDULED, IssueState.SENDING)
    if reason is HoldReason.OPERATOR:
        lock(session, issue.id)
        session.refresh(issue)
        if issue.hold_reason in BY_ITSELF:
            sources = (*sources, IssueState.PAUSED)
    take_step(
        session,
        issue,
        "pause",
        sources,
        IssueState.PAUSED,
        who=who,
        now=now,
        detail=because(reason, detail),
        hold_reason=reason,
        resume_at=resume_at,
    )
    tell_of_pause(session, issue, reason, detail, now)


def resume(session: Session, issue: Issue, *, who: str, now: datetime, detail: str = "") -> None:
    """Let a paused issue go on where it stopped; one that had not begun waits for its time.

    Whoever resumes an issue whose time is past means it to begin now; one that was held for what
    was seen outside goes on to the end, in spite of that. One with nobody left to mail is finished.
    """
    in_spite = IN_SPITE.get(HoldReason(issue.hold_reason or HoldReason.OPERATOR), {})
    begun = issue.frozen_at is not None
    due = issue.scheduled_at or now
    take_step(
        session,
        issue,
        "resume",
        (IssueState.PAUSED,),
        IssueState.SENDING if begun else IssueState.SCHEDULED,
        who=who,
        now=now,
        hold_reason="",
        resume_at=None,
        scheduled_at=due if begun else max(due, now),
        detail=detail or (f"in spite of {issue.hold_reason}" if in_spite else ""),
        **in_spite,
    )
    if begun:
        # What was on its way when it was paused, or was settled since, may have been the last.
        finish(session, issue.id, who=who, now=now)


def cancel(session: Session, issue: Issue, *, who: str, now: datetime, detail: str = "") -> None:
    """End an issue for good; what is on its way ends, the rest is never mailed.

    Raises IssueError when there is no rest: nobody is left to be mailed, and it was sent.
    """
    lock(session, issue.id)
    session.refresh(issue)
    held = issue.state == IssueState.PAUSED and issue.frozen_at is not None
    if held and not is_open(session, issue.id):
        raise IssueError(
            f"{name_of(issue)}: everybody was mailed already, there is nothing to cancel",
            f"newsletter resume {name_of(issue)} ends it as sent",
        )
    take_step(
        session,
        issue,
        "cancel",
        (*OPEN, IssueState.SCHEDULED, IssueState.SENDING, IssueState.PAUSED),
        IssueState.CANCELLED,
        who=who,
        now=now,
        detail=detail,
        hold_reason="",
        resume_at=None,
        finished_at=now,
    )
