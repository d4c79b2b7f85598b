"""`newsletter sync`: a draft for each post that is newer than its list."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.drafting import Draft, Wanted, write_draft
from newsletter.cli.opened import opened
from newsletter.cli.options import DialectName, ListName
from newsletter.errors import IssueError, NewsletterError, PostError
from newsletter.findings import errors

if TYPE_CHECKING:
    from newsletter.app import App
    from newsletter.roundup import Span

SAID = {
    "created": "drafted",
    "rewritten": "drafted anew",
    "unchanged": "as it was",
}


def sync(
    content: Annotated[Path, typer.Argument(metavar="CONTENT_DIR", help="Where the posts lie.")],
    list_: ListName = "",
    since: Annotated[
        str, typer.Option("--since", help="The first day, instead of the list's own.")
    ] = "",
    dialect: DialectName = "",
) -> None:
    """Draft an issue of every post that is newer than the list; nothing is scheduled or mailed.

    Again is the same: what is drafted is drafted anew where its post was changed, and what is
    scheduled or sent is left as it is. Exit 1 when a post could not be drafted.
    """
    from newsletter.publishing import Overrides
    from newsletter.roundup import gather

    with opened() as house:
        span = _span(house, list_, since)
        site_url = house.settings.site_url
        found = gather(content, span, site_url=site_url, dialect=dialect)
        told = [one for one in found.findings if one.code != "roundup-no-address"]
        unwell = any(one.severity == "error" for one in told)
        findings.show(told)
        # The oldest first, as they were published.
        for entry in reversed(found.entries):
            wanted = Wanted(str(entry.path), list_, "", Overrides(), dialect)
            try:
                _tell(write_draft(house, wanted))
            except (IssueError, PostError) as error:
                unwell = True
                console.warn(f"{entry.path}: {error}; {error.mend}")
    if not found.entries:
        console.say(f"no post since {span.since.astimezone(span.zone).date()}")
    if unwell:
        raise typer.Exit(1)


def _span(house: "App", list_: str, since: str) -> "Span":
    from zoneinfo import ZoneInfo

    from newsletter.digest.dates import parse_date
    from newsletter.roundup import Span, moment
    from subscribers import store
    from subscribers.database import now

    with house.database.read() as session:
        row = store.find_list(session, list_ or None)
        zone, language, made = ZoneInfo(row.time_zone), row.language, row.created_at
    if since:
        day = parse_date(since)
        if day is None:
            raise NewsletterError(f"--since {since!r} is no date", "write 2026-11-05")
        return Span(moment(day, zone), now(), zone, language)
    # A post of that day may bear no hour.
    first = made.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Span(first, now(), zone, language)


def _tell(drafted: Draft) -> None:
    issue = drafted.issue
    said = SAID.get(drafted.outcome or "", f"{issue.state} already, and left as it is")
    if drafted.already and drafted.changed:
        said += "; the post says something else now"
    console.say(f"{issue.list_slug}/{issue.key}: {said}")
    findings.show(errors(drafted.findings))
