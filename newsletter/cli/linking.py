"""`newsletter repoint`, and the links of an issue as `show --links` lists them."""

from typing import Annotated

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.cli.options import IssueName, ListName, Yes
from newsletter.cli.standing import named


def repoint(
    issue: IssueName,
    number: Annotated[int, typer.Argument(metavar="LINK", help="The link's number.")],
    url: Annotated[str, typer.Argument(metavar="URL", help="Where it is to lead.")],
    list_: ListName = "",
    yes: Yes = False,
) -> None:
    """Let a link lead elsewhere, also in mails that are out; the archive says so."""
    from newsletter import issues
    from newsletter.errors import IssueError
    from subscribers.database import now

    with opened() as house:
        with house.database.read() as session:
            row = issues.find_issue(session, named(issue, list_))
            words = issues.repointable(row, number, url).label
        question = f"Let “{words}” of {row.key} lead to {url}?"
        if not yes and not console.confirmed(question):
            raise IssueError("nothing was changed", "--yes answers for you")
        with house.database.begin() as session:
            row = issues.find_issue(session, named(issue, list_))
            link = issues.repoint(session, row, number, url, who=console.who(), now=now())
    console.say(f"{row.key}: link {link.number} leads to {link.url} within half a minute")
    if not row.text_links:
        console.warn("  ! the text part of mails that are out holds the old address")


def show_links(issue: str, list_: str, *, as_json: bool) -> None:
    """Print an issue's links by number: where each leads, and whether that can be changed."""
    from newsletter import issues

    with opened() as house, house.database.read() as session:
        row = issues.find_issue(session, named(issue, list_))
        rows = [
            {
                "number": link.number,
                "words": link.label,
                "leads to": link.url,
                "story": link.story,
                "can be repointed": issues.leads_through_us(row, link),
                "changed": link.changed_at,
            }
            for link in issues.links_of(row)
        ]
    console.listing(rows, f"{row.key} has no links", json=as_json)
