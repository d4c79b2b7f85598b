"""`newsletter roundup`: what a site published since the last issue, as a post to be edited."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.mastheads import masthead_for
from newsletter.cli.opened import read_if_there
from newsletter.cli.options import DialectName, ListName
from newsletter.errors import IssueError, NewsletterError

if TYPE_CHECKING:
    from newsletter.models import Issue
    from newsletter.roundup import Gathered, Span
    from newsletter.settings import Settings

LAST = "last"


def roundup(
    content: Annotated[Path, typer.Argument(metavar="CONTENT_DIR", help="Where the posts lie.")],
    since: Annotated[
        str, typer.Option("--since", help="The first day, or `last`: the list's last issue.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="The file; roundup-DAY.md when not named.")
    ] = None,
    list_: ListName = "",
    group: Annotated[str, typer.Option("--group", help="section, tag or none.")] = "section",
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    dialect: DialectName = "",
) -> None:
    """Write a digest of all posts since the last issue, to be edited and sent like any post."""
    from newsletter.publishing import source_of
    from newsletter.roundup import GROUPS, gather, write
    from newsletter.settings import load

    if group not in GROUPS:
        raise NewsletterError(f"--group {group!r} is none", f"name one of: {', '.join(GROUPS)}")
    settings = load()
    span, source = _span(settings, since, list_)
    today = span.now.astimezone(span.zone).date()
    file = out or Path(f"roundup-{today}.md")
    if file.exists() and not force:
        raise NewsletterError(f"{file} is there already", "name another with --out, or --force")
    found = gather(content, span, site_url=settings.site_url, dialect=dialect)
    # The issue itself may be a post of the site, of the very day.
    found = replace(
        found, entries=tuple(one for one in found.entries if source_of(one.path) != source)
    )
    first = span.since.astimezone(span.zone).date()
    if found.entries:
        text = write(found.entries, since=first, today=today, group=group)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    _tell(found, f"since {first}", file)


def _tell(found: "Gathered", since: str, file: Path) -> None:
    findings.show(found.findings)
    count = len(found.entries)
    if count:
        console.say(f"{count} {'post' if count == 1 else 'posts'} {since}: {file}")
        console.say(f"next: edit it, then newsletter preview {file}")
    else:
        console.say(f"no post {since}; nothing was written")
    if any(finding.severity == "error" for finding in found.findings):
        raise typer.Exit(1)


def _span(settings: "Settings", since: str, list_: str) -> "tuple[Span, str]":
    """Return what the roundup is about, and the source of the issue it follows, if any."""
    from zoneinfo import ZoneInfo

    from newsletter.digest.dates import parse_date
    from newsletter.roundup import Span, moment
    from subscribers.database import now

    masthead = masthead_for(settings, list_)
    zone = ZoneInfo(masthead.time_zone if masthead else "UTC")
    language = masthead.language if masthead else ""
    if since == LAST:
        last = _last_issue(settings, list_)
        # A post of that day may be younger than the issue, and is known by its address if not.
        drafted = last.created_at.astimezone(zone)
        first = drafted.replace(hour=0, minute=0, second=0, microsecond=0)
        known = frozenset(str(url) for _, url, *_ in last.links)
        return Span(first, now(), zone, language, known), last.source
    day = parse_date(since)
    if day is None:
        raise NewsletterError(f"--since {since!r} is no date", "write 2026-11-05, or `last`")
    return Span(moment(day, zone), now(), zone, language), ""


def _last_issue(settings: "Settings", list_: str) -> "Issue":
    from newsletter.issues import latest
    from subscribers import store

    with read_if_there(settings) as session:
        found = None
        if session is not None:
            found = latest(session, store.find_list(session, list_ or None).id)
        if found is None:
            raise IssueError("no issue has gone out yet", "name the first day: --since 2026-11-05")
        return found
