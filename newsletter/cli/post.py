"""The commands on a post: render, check, test, send."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console
from newsletter.cli.mastheads import masthead_for

if TYPE_CHECKING:
    from newsletter.publishing import Publication

ListName = Annotated[str, typer.Option("--list", help="The list; implied when there is one.")]
DialectName = Annotated[
    str, typer.Option("--dialect", help="The post's generator, where it cannot be told.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Post = Annotated[Path, typer.Argument(metavar="POST", help="The post's file or folder.")]


def register(app: typer.Typer) -> None:
    """Add the commands that look at a post."""
    app.command()(render)
    app.command()(check)


def render(
    post: Post,
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")] = Path("out"),
    list_: ListName = "",
    dialect: DialectName = "",
    as_json: Json = False,
) -> None:
    """Write email.html, email.txt and email.eml of a post, with its pictures, into a folder."""
    from newsletter.sample import write_sample
    from newsletter.settings import load

    settings = load()
    seen = published(post, list_, dialect)
    files = write_sample(seen, out, public_url=settings.public_url)
    if as_json:
        console.as_json(
            {
                "key": seen.key,
                "title": seen.digest.title,
                "subject": seen.email.subject,
                "preheader": seen.email.preheader,
                "stories": [
                    {"title": story.title_text, "sources": [one.url for one in story.sources]}
                    for story in seen.digest.stories
                ],
                "files": [str(file) for file in files],
                "findings": [console.finding_row(finding) for finding in seen.findings],
            }
        )
        return
    console.findings(seen.findings)
    html = files[0].stat().st_size
    console.say(
        f"{len(seen.digest.stories)} stories, {html:,} bytes of HTML: "
        + ", ".join(str(file) for file in files)
    )


def check(
    post: Post,
    list_: ListName = "",
    dialect: DialectName = "",
    as_json: Json = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    format_: Annotated[
        str, typer.Option("--format", help="text, or github for annotations.")
    ] = "text",
) -> None:
    """Say what would break in an inbox; exit 1 when something would stop a send."""
    seen = published(post, list_, dialect)
    if as_json:
        console.as_json([console.finding_row(finding) for finding in seen.findings])
    elif format_ == "github":
        console.annotations(seen.findings)
    else:
        console.findings(seen.findings)
        if not seen.findings:
            console.say("nothing found")
    stopping = {"error", "warning"} if strict else {"error"}
    if any(finding.severity in stopping for finding in seen.findings):
        raise typer.Exit(1)


def published(post: Path, list_: str, dialect: str) -> "Publication":
    """Return a post as it would leave for this list, by the settings of this process."""
    from newsletter.publishing import publication
    from newsletter.settings import load

    settings = load()
    return publication(
        post,
        masthead_for(settings, list_),
        now=datetime.now(UTC),
        site_url=settings.site_url,
        dialect=dialect,
        images=settings.images,
    )
