"""The command that says what would break in an inbox."""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.options import DialectName, Fit, Json, ListName, Post
from newsletter.cli.post import published
from newsletter.errors import PostError

if TYPE_CHECKING:
    from newsletter.findings import Finding
    from newsletter.publishing import Publication
NEUTRAL = "https://newsletter.example"


class Format(StrEnum):
    """How the findings are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def check(
    post: Post,
    list_: ListName = "",
    dialect: DialectName = "",
    fit: Fit = False,
    as_json: Json = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
    online: Annotated[
        bool, typer.Option("--online", help="Also ask whether each link works.")
    ] = False,
    format_: Annotated[
        Format, typer.Option("--format", help="github: annotations for a pull request.")
    ] = Format.TEXT,
) -> None:
    """Say what would break in an inbox; exit 1 when something would stop a send."""
    shape = Format.JSON if as_json else format_
    try:
        seen = published(post, list_, dialect, fit=fit)
    except PostError as error:
        if shape is Format.GITHUB:
            console.say(findings.refusal(error))
        raise
    found = [*seen.findings, *_outside(seen, online=online, quiet=shape != Format.TEXT)]
    if shape is Format.JSON:
        console.as_json(findings.rows(found))
    elif shape is Format.GITHUB:
        for line in findings.annotations(found):
            console.say(line)
    else:
        findings.show(found)
        console.say(findings.summary(found))
    stopping = ("error", "warning") if strict else ("error",)
    if any(finding.severity in stopping for finding in found):
        raise typer.Exit(1)


def _outside(seen: "Publication", *, online: bool, quiet: bool) -> Iterator["Finding"]:
    """Ask those who are not the post: SpamAssassin when it is here, the links when told to."""
    import shutil
    from pathlib import Path

    program = shutil.which("spamassassin")
    if program:
        from newsletter.preflight.spam import check_spam
        from newsletter.sample import sample_message

        # A public address of a reserved name: that of this machine would count against the mail.
        message = sample_message(seen, public_url=NEUTRAL, date=seen.checked.now)
        yield from check_spam(seen.checked, message, Path(program))
    if online:
        import os

        from newsletter.fetch import Network
        from newsletter.preflight.memory import default_memory
        from newsletter.preflight.online import check_online
        from newsletter.preflight.rounds import Manners

        memory = default_memory(os.environ, Path.home())
        with console.progress("links", quiet=quiet) as told:
            yield from check_online(
                seen.checked, network=Network(), manners=Manners(), memory=memory, told=told
            )
