"""The commands that mail: test, send."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.drafting import (
    FEW,
    Draft,
    Wanted,
    look,
    moment,
    refuse_unready,
    spell,
    worth_saying,
    write_draft,
)
from newsletter.cli.following import follow
from newsletter.cli.opened import opened
from newsletter.cli.post import DialectName, Fit
from newsletter.cli.whom import corrected, count, narrowed_to
from newsletter.errors import IssueError, PostError
from newsletter.message import Mailbox

if TYPE_CHECKING:
    from newsletter.app import App
    from newsletter.models import Issue
    from newsletter.publishing import Overrides

ListName = Annotated[str, typer.Option("--list", help="The list; implied when there is one.")]
What = Annotated[str, typer.Argument(metavar="POST|ISSUE", help="A post, or an issue's key.")]
Subject = Annotated[str, typer.Option("--subject", help="Instead of the post's title.")]
Preheader = Annotated[str, typer.Option("--preheader", help="Instead of the description.")]
Note = Annotated[Path | None, typer.Option("--note", help="A note above, for subscribers only.")]
Allow = Annotated[
    list[str] | None, typer.Option("--allow", metavar="CODE", help="In spite of this finding.")
]
NoTest = Annotated[bool, typer.Option("--no-test", help="Without a test before.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Key = Annotated[str, typer.Option("--key", help="The issue's key, instead of the slug.")]


def register(app: typer.Typer) -> None:
    """Add the commands that mail."""
    app.command("test")(try_out)
    app.command()(send)


def try_out(
    what: What,
    to: Annotated[list[str], typer.Option("--to", help="An address; may be repeated.")],
    list_: ListName = "",
    subject: Subject = "",
    preheader: Preheader = "",
    note: Note = None,
    key: Key = "",
    dialect: DialectName = "",
    fit: Fit = False,
) -> None:
    """Send the issue as it stands to the addresses you name, with [Test N] in the subject."""
    from newsletter.rehearsal import send_test
    from subscribers.address import parse
    from subscribers.database import now

    wanted = Wanted(what, list_, key, overrides(subject, preheader, note), dialect, fit)
    with opened() as house:
        addresses = [parse(typed, smtputf8=house.settings.smtputf8) for typed in to]
        drafted = write_draft(house, wanted)
        findings.show(worth_saying(drafted.findings))
        issue = _mended(drafted)
        number, results = send_test(house, issue, addresses, who=console.who(), now=now())
    for address, result in zip(addresses, results, strict=True):
        detail = f" ({result.detail})" if result.detail else ""
        console.say(f"[Test {number}] to {address.email}: {result.status}{detail}")
    if any(result.status != "submitted" for result in results):
        raise typer.Exit(1)
    # What was drafted under another key, or for one of several lists, is found by the same again.
    same = "".join(f" {flag} {said}" for flag, said in (("--list", list_), ("--key", key)) if said)
    console.say(f"next: newsletter {_next(drafted)} {what}{same}")


def _next(drafted: Draft) -> str:
    """Return the command after a test: a paused issue takes another text only from its post."""
    if drafted.issue.state != "paused":
        return "send"
    return "resume" if drafted.seen is None else "amend"


def _mended(drafted: Draft) -> "Issue":
    """Return the issue as its post says it now: an issue that is paused may be amended so."""
    from newsletter.issues import mended

    issue, seen = drafted.issue, drafted.seen
    if seen is None or not (drafted.already and drafted.changed):
        return issue
    if issue.state != "paused":
        console.warn(
            f"! {issue.key} is {issue.state}: this is its text, not what the post says now"
        )
        return issue
    for name, value in mended(issue, title=seen.digest.title, email=seen.email).items():
        setattr(issue, name, value)
    return issue


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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen.")] = False,
    yes: Yes = False,
    wait: Annotated[bool, typer.Option("--wait", help="Send it here, and stay.")] = False,
) -> None:
    """Freeze the issue and schedule it: now, or --at a time. A second time does nothing."""
    from newsletter import issues

    said = overrides(subject, preheader, note)
    wanted = Wanted(what, list_, resend_as or key, said, dialect, fit)
    with opened() as house:
        house.require_keys()
        if dry_run:
            _dry_run(house, wanted, segment, to_reached)
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
            raise typer.Exit(follow(house, issue.id))
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
    from newsletter.issues.life import LATE_AFTER
    from subscribers import store
    from subscribers.database import now

    with house.database.read() as session:
        list_ = store.find_list(session, issue.list_slug)
        corrects = corrected(session, list_, to_reached)
        people = count(session, list_, segment, corrects)
        wave = size_of(first, people, hears=house.hears)
        if not no_test:
            issues.require_test(session, issue)
    if people > FEW:
        refuse_unready(house, allow)
    when = moment(at, list_.time_zone) if at else None
    if when and now() - when > LATE_AFTER:
        raise IssueError(f"--at {at} is past", "another time, or leave --at out to send it now")
    spread = spell(over) if over else timedelta()
    shown = f" at {when:%Y-%m-%d %H:%M} {list_.time_zone}" if when else ""
    if not yes and not console.confirmed(
        f"Send “{issue.subject}” to {people:,} people on {issue.list_name}"
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
    console.say(f"{issue.key} is scheduled{shown} for {people:,} people")
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


def _dry_run(house: "App", wanted: "Wanted", segment: str, to_reached: str) -> None:
    from subscribers import store

    seen = look(house, wanted)
    with house.database.read() as session:
        list_ = store.find_list(session, wanted.list_ or None)
        corrects = corrected(session, list_, to_reached)
        people = count(session, list_, segment, corrects)
    findings.show(seen.findings)
    console.say(f"subject    {seen.email.subject}")
    console.say(f"preheader  {seen.email.preheader}")
    console.say(f"key        {wanted.key or seen.key}")
    console.say(
        f"would go to {people:,} people on {list_.name}{narrowed_to(segment, corrects)}; "
        "nothing was written"
    )


def _tell_about_workers(house: "App") -> None:
    from newsletter.worker.seen import worker_alive
    from subscribers.database import now

    with house.database.read() as session:
        alive = worker_alive(house, session, now())
    if not alive:
        console.warn("  → no worker is alive: newsletter worker, or the same with --wait")


def overrides(subject: str, preheader: str, note: Path | None) -> "Overrides":
    """Return what the flags say instead of the post."""
    from newsletter.publishing import Overrides

    try:
        text = note.read_text(encoding="utf-8-sig") if note else ""
    except UnicodeDecodeError:
        raise PostError("the note is no text in UTF-8", "save it as UTF-8", path=note) from None
    return Overrides(subject=subject, preheader=preheader, note=text)
