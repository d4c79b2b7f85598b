"""The steps of an issue's life: each one conditional UPDATE and one line of the log.

draft → tested → scheduled → sending ⇄ paused → sent | cancelled. Every step takes `who` asks
and `now`, raises IssueError with a mend when the issue stands elsewhere, and commits nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select, update
from sqlalchemy.orm import Session

from newsletter.errors import IssueError
from newsletter.issues.telling import tell_of_pause
from newsletter.models import (
    Batch,
    BatchState,
    DeliveryException,
    DeliveryState,
    HoldReason,
    Issue,
    IssueState,
    IssueStep,
    TestSend,
)
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
MENDS = {
    IssueState.DRAFT: "newsletter send schedules it",
    IssueState.TESTED: "newsletter send schedules it",
    IssueState.SCHEDULED: "newsletter pause or cancel stops it",
    IssueState.SENDING: "newsletter pause stops it",
    IssueState.PAUSED: "newsletter resume lets it go on",
    IssueState.SENT: "newsletter send --resend-as KEY mails it again under another key",
    IssueState.CANCELLED: "newsletter send --resend-as KEY mails it under another key",
}


def log(
    session: Session, issue: Issue, step: str, *, who: str, now: datetime, detail: str = ""
) -> None:
    """Write one line of an issue's log."""
    session.add(IssueStep(issue_id=issue.id, at=now, who=who, step=step, detail=detail))


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
        raise IssueError(
            f"{_name(issue)}: this very text was never tested",
            f"newsletter test {_name(issue)} --to you@…, look at it, then send; or --no-test",
        )


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
            f"{_name(issue)}: the list has no {' and no '.join(missing)}",
            f"newsletter lists edit {issue.list_slug} --from … --postal … --privacy-url …, "
            "then send again",
        )
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


def require_mended(issue: Issue, errors: Sequence[str], allow: Sequence[str]) -> None:
    """Refuse with IssueError a post with errors that are not allowed."""
    stopping = [code for code in errors if code not in allow]
    if stopping:
        raise IssueError(
            f"{_name(issue)}: its post has errors ({', '.join(stopping)})",
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
    """Hold an issue: what is on its way ends, nothing more is claimed."""
    take_step(
        session,
        issue,
        "pause",
        (IssueState.SCHEDULED, IssueState.SENDING),
        IssueState.PAUSED,
        who=who,
        now=now,
        detail=f"{reason}: {detail}" if detail else str(reason),
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
            f"{_name(issue)}: everybody was mailed already, there is nothing to cancel",
            f"newsletter resume {_name(issue)} ends it as sent",
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


def finish(session: Session, issue_id: int, *, who: str, now: datetime) -> bool:
    """Make an issue SENT when every batch is settled and nothing is in doubt (RULES R-1)."""
    session.flush()
    # The lock first: a retry that commits between question and answer would be finished over.
    sending = session.connection().scalar(_still_sending(), {"issue": issue_id})
    if sending is None or is_open(session, issue_id):
        return False
    issue = session.get_one(Issue, issue_id, populate_existing=True)
    take_step(
        session,
        issue,
        "finish",
        (IssueState.SENDING,),
        IssueState.SENT,
        who=who,
        now=now,
        finished_at=now,
    )
    return True


def is_open(session: Session, issue_id: int) -> bool:
    """Return whether anybody's fate is still open: pending, sending or in doubt."""
    session.flush()
    connection, of_it = session.connection(), {"issue": issue_id}
    return any(connection.scalar(one, of_it) is not None for one in _still_open())


# Asked after each call, and so built once.


@cache
def _still_sending() -> Select[int]:
    issue: BindParameter[int] = bindparam("issue")
    sending = select(Issue.id).where(Issue.id == issue, Issue.state == IssueState.SENDING)
    return sending.with_for_update()


@cache
def _still_open() -> tuple[Select[int], Select[int]]:
    issue: BindParameter[int] = bindparam("issue")
    batches = select(Batch.batch_no).where(
        Batch.issue_id == issue,
        Batch.state.in_((BatchState.PENDING, BatchState.SENDING, BatchState.IN_DOUBT)),
    )
    people = select(DeliveryException.subscriber_id).where(
        DeliveryException.issue_id == issue,
        DeliveryException.state == DeliveryState.IN_DOUBT,
    )
    return batches.limit(1), people.limit(1)


def lock(session: Session, issue_id: int) -> None:
    """Hold an issue's row: whoever splits its batches or settles them comes one by one."""
    session.execute(select(Issue.id).where(Issue.id == issue_id).with_for_update())


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
    return IssueError(f"{_name(issue)} is {state}{held}: it cannot {step}", MENDS[state])


def _name(issue: Issue) -> str:
    return f"{issue.list_slug}/{issue.key}"
