"""`newsletter test`: the issue as it stands, to a few addresses."""

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.drafting import Draft, Wanted, overridden, worth_saying, write_draft
from newsletter.cli.opened import opened
from newsletter.cli.options import DialectName, Fit, Key, ListName, Note, Preheader, Subject, What

if TYPE_CHECKING:
    from newsletter.models import Issue


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

    wanted = Wanted(what, list_, key, overridden(subject, preheader, note), dialect, fit)
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
