"""Send an issue here and watch it go."""

from typing import TYPE_CHECKING

from newsletter.cli import console
from newsletter.cli.standing import spoken

if TYPE_CHECKING:
    from datetime import datetime
    from threading import Event

    from sqlalchemy.orm import Session

    from newsletter.app import App
    from newsletter.issues import Progress
    from newsletter.models import Issue


_HELD = {
    "provider": "it goes on by itself when the provider is back and a worker runs",
    "not-live": "it goes on by itself when everything it shows is online and a worker runs",
    "credentials": "mend the provider's settings (newsletter doctor), then newsletter resume",
}


def follow(house: "App", issue_id: int, stop: "Event | None" = None) -> int:
    """Work until nothing is pending or sending, with a progress bar, and return the exit code:
    0 all is well, 1 somebody failed, is in doubt or was left out, 3 the provider holds it up.
    `stop` ends it after the calls in flight, with 1 where that was too early.

    An issue that is not due yet is left as it is.
    """
    from newsletter.issues import Progress, progress
    from newsletter.models import Issue, IssueState
    from newsletter.worker.local import run

    with console.progress("sending") as advance:

        def tell(number: int, seen: Progress) -> None:
            if number == issue_id:
                advance(seen.total - seen.open, seen.total)

        run(
            house,
            until_idle=True,
            stop=stop,
            on_progress=tell,
            on_follow=lambda name: console.warn(f"  {name} sends already; following it"),
            on_outage=console.warn,
        )
    with house.database.read() as session:
        issue = session.get_one(Issue, issue_id)
        seen = progress(session, issue)
        for line in _outcome(session, issue, seen):
            console.say(line)
    if issue.hold_reason in _HELD:
        console.warn(f"  → {_HELD[issue.hold_reason]}")
        return 3
    if stop and stop.is_set() and issue.state in (IssueState.SCHEDULED, IssueState.SENDING):
        console.warn("  → the same command again goes on, and so does newsletter worker")
        return 1
    is_held = issue.state == IssueState.PAUSED or seen.open
    return 1 if seen.failed or seen.in_doubt or is_held else 0


def tell_outcomes(house: "App", since: "datetime") -> bool:
    """Say what came of each issue of which a call ended since then; return whether all is well.

    It is not where somebody failed or is in doubt.
    """
    from sqlalchemy import select

    from newsletter.issues import progress
    from newsletter.models import Batch, Issue

    is_well = True
    with house.database.read() as session:
        called = select(Batch.issue_id).where(Batch.submitted_at >= since)
        for issue in session.scalars(select(Issue).where(Issue.id.in_(called)).order_by(Issue.id)):
            seen = progress(session, issue)
            is_well = is_well and not (seen.failed or seen.in_doubt)
            for line in _outcome(session, issue, seen):
                console.say(line)
    return is_well


def tell_waiting(house: "App", since: "datetime") -> None:
    """Say of each issue that is open, and of which no call ended since then, what it waits for."""
    from sqlalchemy import select

    from newsletter.models import Batch, Issue, IssueState

    with house.database.read() as session:
        called = select(Batch.issue_id).where(Batch.submitted_at >= since)
        is_open = Issue.state.in_((IssueState.SCHEDULED, IssueState.SENDING, IssueState.PAUSED))
        waiting = select(Issue).where(is_open, Issue.id.not_in(called)).order_by(Issue.id)
        for issue in session.scalars(waiting):
            name = spoken(session, issue)
            told = f"{issue.state} ({issue.hold_reason})" if issue.hold_reason else issue.state
            if issue.state == IssueState.SCHEDULED and issue.scheduled_at:
                told = f"{told} for {issue.scheduled_at:%Y-%m-%d %H:%M} UTC"
            console.say(f"{name} is {told}: newsletter show {name}")


def _outcome(session: "Session", issue: "Issue", seen: "Progress") -> list[str]:
    """Return where an issue stands after a worker's work, and the next command where one is due."""
    from newsletter.models import IssueState

    name = spoken(session, issue)
    state = f"{issue.state} ({issue.hold_reason})" if issue.hold_reason else issue.state
    parts = [f"{seen.submitted:,} submitted"]
    for count, what in (
        (seen.failed, "failed"),
        (seen.in_doubt, "in doubt"),
        (seen.skipped, "left or suppressed before it went"),
        (seen.open, "waiting"),
    ):
        if count:
            parts.append(f"{count:,} {what}")
    told = [f"{name} is {state}: {', '.join(parts)}"]
    if seen.failed or seen.in_doubt or seen.open or issue.state == IssueState.PAUSED:
        told.append(f"next: newsletter show {name}")
    return told
