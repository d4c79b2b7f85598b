"""`newsletter amend`: a paused issue gets the text that its post has now, for the rest."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.drafting import (
    Wanted,
    errors_of,
    look,
    overridden,
    refuse,
    refuse_unknown,
    worth_saying,
)
from newsletter.cli.opened import opened
from newsletter.cli.options import (
    Allow,
    DialectName,
    Fit,
    Key,
    ListName,
    Note,
    NoTest,
    Preheader,
    Subject,
    Yes,
)
from newsletter.cli.standing import spoken
from newsletter.errors import IssueError, KeyTaken, PostError

if TYPE_CHECKING:
    from newsletter.app import App
    from newsletter.publishing import Publication


def amend(
    post: Annotated[Path, typer.Argument(metavar="POST", help="The post, mended.")],
    list_: ListName = "",
    subject: Subject = "",
    preheader: Preheader = "",
    note: Note = None,
    key: Key = "",
    dialect: DialectName = "",
    fit: Fit = False,
    allow: Allow = None,
    no_test: NoTest = False,
    yes: Yes = False,
) -> None:
    """Give a paused issue its post's present text, for who was not mailed yet; resume goes on."""
    allowed = allow or []
    refuse_unknown(allowed)
    if not post.exists():
        mend = "name the post, mended: newsletter show ISSUE tells its source"
        raise PostError("there is no such file", mend, path=post)
    overrides = overridden(subject, preheader, note)
    wanted = Wanted(str(post), list_, key, overrides, dialect, fit)
    with opened() as house:
        seen = look(house, wanted)
        refuse(seen, allowed)
        findings.show(worth_saying(seen.findings))
        _amend(house, wanted, seen, allowed, no_test=no_test, yes=yes)


def _amend(
    house: "App",
    wanted: Wanted,
    seen: "Publication",
    allow: list[str],
    *,
    no_test: bool,
    yes: bool,
) -> None:
    from newsletter import issues
    from subscribers import store
    from subscribers.database import now

    with house.database.read() as session:
        list_ = store.find_list(session, wanted.list_ or None)
        name = f"{list_.slug}/{wanted.key or seen.key}"
        issue = issues.find_issue(session, name)
        if issue.source != seen.source:
            raise KeyTaken(f"{name} belongs to {issue.source}", "name the issue with --key KEY")
        begun = issues.progress(session, issue)
    if not yes and not console.confirmed(
        f"Let {_people(begun.total, begun.pending)} get “{seen.email.subject}”? "
        f"{begun.submitted:,} have “{issue.subject}”."
    ):
        raise IssueError("nothing was amended", "--yes answers for you")
    with house.database.begin() as session:
        row = issues.find_issue(session, name)
        amended = issues.amend(
            session,
            row,
            title=seen.digest.title,
            email=seen.email,
            errors=errors_of(seen),
            allow=allow,
            no_test=no_test,
            who=console.who(),
            now=now(),
        )
        seen_by, spoken_of = issues.progress(session, row), spoken(session, row)
    if not amended:
        console.say(f"{row.key} says that already: nothing to do")
        return
    console.say(
        f"{row.key}: {_people(seen_by.total, seen_by.open)} get the text as it is now, "
        f"{seen_by.submitted:,} have an earlier one"
    )
    console.say(f"next: newsletter resume {spoken_of}")
    if seen_by.submitted:
        console.say(
            f"      newsletter send CORRECTION --to-reached {spoken_of}   mails those who have"
        )


def _people(total: int, left: int) -> str:
    """Return how many get a text; who they all are is known when the issue begins."""
    return console.people(left) if total else "all its people"
