"""The command that shows a post as it would leave."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.mastheads import masthead_for
from newsletter.cli.options import DialectName, Fit, Json, ListName, Post

if TYPE_CHECKING:
    from newsletter.publishing import Publication
    from newsletter.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(render)


def render(
    post: Post,
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")] = Path("out"),
    list_: ListName = "",
    dialect: DialectName = "",
    fit: Fit = False,
    as_json: Json = False,
) -> None:
    """Write email.html, email.txt and email.eml of a post, with its pictures, into a folder."""
    from newsletter.sample import write_sample
    from newsletter.settings import load

    settings = load()
    seen = published(post, list_, dialect, fit=fit)
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
                "findings": findings.rows(seen.findings),
            }
        )
        return
    findings.show(seen.findings)
    html = files[0].stat().st_size
    console.say(
        f"{console.counted(len(seen.digest.stories), 'story', 'stories')}, {html:,} bytes of HTML: "
        + ", ".join(str(file) for file in files)
    )


def published(post: Path, list_: str, dialect: str, *, fit: bool = False) -> "Publication":
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
        public_url=settings.public_url,
        images=settings.images,
        templates=settings.templates,
        fit=fit,
        uncounting=_uncounting(settings),
    )


def _uncounting(settings: "Settings") -> str:
    """Return the provider's name where it is said and counts no clicks and opens."""
    from newsletter.providers import provider_of

    # Where nothing is said it is known to those who send, and not to a check beside the post.
    is_said = "provider" in settings.model_fields_set
    return settings.provider if is_said and not provider_of(settings).counts else ""
