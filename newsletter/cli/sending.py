"""`newsletter send`: the issue is frozen and scheduled."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.drafting import (
    Wanted,
    due,
    overridden,
    refuse_unready,
    spell,
    worth_saying,
    write_draft,
)
from newsletter.cli.dry_run import dry_run_of
from newsletter.cli.following import follow
from newsletter.cli.opened import opened
from newsletter.cli.options import (
    Allow,
    DialectName,
    DryRun,
    Fit,
    Key,
    ListName,
    Note,
    NoTest,
    Preheader,
    Subject,
    What,
    Yes,
)
from newsletter.cli.running import ENDING, stop_on_signal
from newsletter.cli.whom import corrected, count, narrowed_to
from newsletter.errors import IssueError
from newsletter.message import Mailbox

if TYPE_CHECKING:
    from newsletter.app import App
    from newsletter.models import Issue


def send(
    what: What,
    list_: ListName = "",
    segment: Annotated[
        str, typer.Option("--segment", metavar="FILTER", help="Only to these, such as tag:vip.")
    ] = "",
    to_reached: Annotated[
        str,
        typer.Option("--to-reached", metavar="ISSUE", help="A correction, to who has that one."),
    ] = "",
    at: Annotated[str, typer.Option("--at", help="When; in the list's time zone.")] = "",
    first: Annotated[
        str, typer.Option("--first", metavar="N|N%|0", help="So many go first, at random.")
    ] = "",
    over: Annotated[
        str, typer.Option("--over", metavar="6h", help="Spread it evenly over so long.")
    ] = "",
    subject: Subject = "",
    preheader: Preheader = "",
    note: Note = None,
    key: Key = "",
    dialect: DialectName = "",
    fit: Fit = False,
    resend_as: Annotated[
        str, typer.Option("--resend-as", metavar="KEY", help="Mail it again, under another key.")
    ] = "",
    allow: Allow = None,
    no_test: NoTest = False,
    no_live_check: Annotated[
        bool, typer.Option("--no-live-check", help="Whether or not post and pictures are online.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    wait: Annotated[bool, typer.Option("--wait", help="Send it here, and stay.")] = False,
) -> None:
    """Freeze the issue and schedule it: now, or --at a time. A second time does nothing."""
    from newsletter import issues

    said = overridden(subject, preheader, note)
    wanted = Wanted(what, list_, resend_as or key, said, dialect, fit)
    with opened() as house:
        house.require_keys()
        if dry_run:
            dry_run_of(
                house,
                wanted,
                segment=segment,
                to_reached=to_reached,
                at=at,
                first=first,
                over=over,
                allow=allow or (),
            )
            return
        drafted = write_draft(house, wanted, allow=allow or (), refuse_errors=True)
        findings.show(worth_saying(drafted.findings))
        issue = drafted.issue
        if drafted.already:
            console.say(f"{issue.key} is {issue.state} already: nothing to do")
            if drafted.changed:
                console.warn(f"! the post says something else now; {_to_mail_it(issue)}")
            if at and issue.state == "scheduled":
                console.warn(
                    f"! it goes when it was to go, {issue.scheduled_at:%Y-%m-%d %H:%M} UTC: "
                    f"newsletter cancel {issue.list_slug}/{issue.key}, then send, for another time"
                )
        else:
            issues.require_countable(issue, house.provider)
            # Whoever waits for it now learns of a provider that is away before anything is frozen.
            if not at:
                house.provider.check(Mailbox(issue.sender_address, issue.sender_name))
            _schedule(
                house,
                issue,
                at=at,
                yes=yes,
                no_test=no_test,
                segment=segment,
                to_reached=to_reached,
                first=first,
                over=over,
                # What lies in a folder of this machine is read by nobody else.
                live_check=None if house.settings.provider == "outbox" else not no_live_check,
                allow=allow or (),
            )
        if wait:
            raise typer.Exit(follow(house, issue.id, stop_on_signal(ENDING)))
        if not drafted.already:
            _tell_about_workers(house)


def _schedule(
    house: "App",
    issue: "Issue",
    *,
    at: str,
    yes: bool,
    no_test: bool,
    segment: str,
    to_reached: str,
    first: str,
    over: str,
    live_check: bool | None,
    allow: Sequence[str],
) -> None:
    from newsletter import issues
    from newsletter.issues.first_wave import size_of
    from subscribers import store
    from subscribers.database import now

    with house.database.read() as session:
        list_ = store.find_list(session, issue.list_slug)
        corrects = corrected(session, list_, to_reached)
        people = count(session, list_, segment, corrects)
        wave = size_of(first, people, hears=house.hears)
        if not no_test:
            issues.require_test(session, issue)
    refuse_unready(house, people, allow)
    when = due(at, list_.time_zone)
    spread = spell(over) if over else timedelta()
    shown = f" at {when:%Y-%m-%d %H:%M} {list_.time_zone}" if when else ""
    if not yes and not console.confirmed(
        f"Send “{issue.subject}” to {console.people(people)} on {issue.list_name}"
        f"{narrowed_to(segment, corrects)}{shown}?"
    ):
        raise IssueError("nothing was scheduled", "--yes answers for you")
    with house.database.begin() as session:
        row = issues.find_issue(session, f"{issue.list_slug}/{issue.key}")
        issues.schedule(
            session,
            row,
            at=when,
            who=console.who(),
            now=now(),
            no_test=no_test,
            segment=segment,
            corrects=corrects,
            first=first,
            over=spread,
            live_check=live_check,
            allow=allow,
        )
    console.say(f"{issue.key} is scheduled{shown} for {console.people(people)}")
    if not people:
        console.warn("! nobody would get it now: it goes to who is on the list when it begins")
    if wave:
        console.say(
            f"{wave:,} of them, drawn at random, go first; the rest waits for their reports"
        )


def _to_mail_it(issue: "Issue") -> str:
    """Say how the present text of a post is mailed whose issue is scheduled or past that."""
    if issue.state in ("sent", "cancelled"):
        return "--resend-as KEY mails it again to everybody"
    name = f"{issue.list_slug}/{issue.key}"
    first = "" if issue.state == "paused" else f"newsletter pause {name}, then "
    return f"{first}newsletter amend POST gives it to who has none yet"


def _tell_about_workers(house: "App") -> None:
    from newsletter.worker.seen import worker_alive
    from subscribers.database import now

    with house.database.read() as session:
        alive = worker_alive(house, session, now())
    if not alive:
        console.warn("  → no worker is alive: newsletter worker, or the same with --wait")
