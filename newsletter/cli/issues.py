"""The commands on an issue: list, show, who got it, and what a person decides."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import console
from newsletter.cli.linking import show_links
from newsletter.cli.opened import opened
from newsletter.cli.options import IssueName, Json, ListName
from newsletter.cli.standing import described, lines, named, next_command, shown
from newsletter.errors import IssueError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from newsletter.models import DeliveryState, Issue

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Kept in the issue's log.")]


def register(app: typer.Typer) -> None:
    """Add the commands on an issue."""
    app.command("issues")(list_issues)
    for command in (show, recipients, pause, resume, cancel, retry, settle):
        app.command()(command)


def list_issues(list_: ListName = "", as_json: Json = False) -> None:
    """List the issues, the newest first."""
    from newsletter import issues
    from subscribers import store

    with opened() as house, house.database.read() as session:
        list_id = store.find_list(session, list_).id if list_ else None
        rows = [described(session, row) for row in issues.newest(session, list_id=list_id)]
    head = ["key", "list", "state", "recipients", "submitted", "failed", "in_doubt"]
    nothing = "no issue yet: newsletter test POST --to you@…"
    console.listing(rows, nothing, json=as_json, head=head)


def show(
    issue: IssueName,
    list_: ListName = "",
    links: Annotated[bool, typer.Option("--links", help="Its links, by number.")] = False,
    as_json: Json = False,
) -> None:
    """Tell where an issue stands, what was done to it, and what to do next."""
    if links:
        show_links(issue, list_, as_json=as_json)
        return
    from newsletter import issues
    from subscribers.database import now

    with opened() as house, house.database.read() as session:
        row = issues.find_issue(session, named(issue, list_))
        about = shown(house, session, row, now())
        about["archive"] = house.links.archive(row.list_slug, row.key)
        steps = [
            {"at": step.at, "who": step.who, "step": step.step, "detail": step.detail}
            for step in issues.steps(session, row)
        ]
    following = next_command(about)
    if as_json:
        console.as_json({**about, "next": following, "steps": steps})
        return
    for line in lines(about):
        console.say(line)
    console.say()
    for step in steps:
        console.say(
            f"{step['at']:%Y-%m-%d %H:%M:%S} UTC  {step['who']}  {step['step']}  {step['detail']}"
        )
    console.say(f"\nnext: {following}")


def recipients(
    issue: IssueName,
    list_: ListName = "",
    state: Annotated[
        str, typer.Option("--state", help="pending, sending, submitted, failed, in_doubt, skipped.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List each recipient of an issue, what is true of them, and what was heard of their mail."""
    from newsletter import issues

    with opened() as house, house.database.read() as session:
        row = issues.find_issue(session, named(issue, list_))
        told = issues.heard(session, row)
        rows: list[dict[str, Any]] = [
            {
                "email": one.email,
                "state": one.state,
                "detail": one.detail,
                "text": None if one.variant is None else one.variant + 1,
                "heard": told.get(one.subscriber_id),
            }
            for one in issues.recipients(session, row, _state(state))
        ]
        amended = row.variant > 0
    if as_json:
        for one in rows:
            one["heard"] = one["heard"] and one["heard"]._asdict()
    head = ["email", "state", "detail", *["text"] * amended, *["heard"] * bool(told)]
    console.listing(rows, "nobody", json=as_json, head=head)


def pause(issue: IssueName, list_: ListName = "", why: Why = "") -> None:
    """Stop after the batches in flight; nothing is lost, `resume` goes on."""
    from newsletter import issues

    _decide(issue, list_, why, "paused", issues.pause)


def resume(issue: IssueName, list_: ListName = "", why: Why = "") -> None:
    """Go on with a paused issue."""
    from newsletter import issues

    _decide(issue, list_, why, "resumed", issues.resume)


def cancel(issue: IssueName, list_: ListName = "", why: Why = "") -> None:
    """End an issue: who was not mailed yet will not be."""
    from newsletter import issues

    _decide(issue, list_, why, "cancelled", issues.cancel)


def retry(issue: IssueName, list_: ListName = "", why: Why = "") -> None:
    """Try those again that failed; nobody who may have it already."""
    from newsletter import issues

    _decide(issue, list_, why, "to be tried again", issues.retry, nobody="nobody has failed")


def settle(
    issue: IssueName,
    as_: Annotated[str, typer.Option("--as", help="submitted or failed.")],
    list_: ListName = "",
    person: Annotated[str, typer.Option(help="Only this address; else all in doubt.")] = "",
    why: Why = "",
) -> None:
    """Decide what became of those in doubt: they have it (submitted) or not (failed)."""
    from newsletter import issues
    from newsletter.models import DeliveryState
    from subscribers import store

    if as_ not in ("submitted", "failed"):
        raise IssueError(f"nobody can be settled as {as_!r}", "--as submitted, or --as failed")

    def settling(session: "Session", row: "Issue", **by: Any) -> int:
        outcome = DeliveryState.SUBMITTED if as_ == "submitted" else DeliveryState.FAILED
        found = store.find(session, person) if person else None
        if person and found is None:
            raise IssueError(
                f"nobody here has the address {person}",
                f"newsletter recipients {row.key} --state in_doubt names those it may be",
            )
        return issues.settle(session, row, outcome, person=found.id if found else None, **by)

    _decide(issue, list_, why, f"settled as {as_}", settling, nobody="nobody is in doubt")


def _decide(
    issue: str,
    list_: str,
    why: str,
    done: str,
    decision: Callable[..., int | None],
    *,
    nobody: str = "",
) -> None:
    """Take a decision and say what came of it; `nobody` where it was about none (exit 0)."""
    from newsletter.issues import find_issue
    from subscribers.database import now

    with opened() as house:
        with house.database.begin() as session:
            row = find_issue(session, named(issue, list_))
            people = decision(session, row, detail=why, who=console.who(), now=now())
        with house.database.read() as session:
            row = find_issue(session, named(issue, list_))
            about = shown(house, session, row, now())
    if people is not None:
        done = f"{people:,} recipient{'s' * (people > 1)} {done}" if people else nobody
    console.say(f"{about['key']}: {done}; it is {about['state']} now")
    console.say(f"next: {next_command(about)}")


def _state(written: str) -> "DeliveryState | None":
    from newsletter.models import DeliveryState

    if not written:
        return None
    try:
        return DeliveryState(written.replace("-", "_"))
    except ValueError:
        raise IssueError(f"{written!r} is no state", f"one of {', '.join(DeliveryState)}") from None
