"""The options of `newsletter lists add` and `edit`: one for each column of a list that is said."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

Name = Annotated[str | None, typer.Option("--name", help="What readers call it.")]
From = Annotated[str | None, typer.Option("--from", help='Sender: "Name <address>".')]
COUNTED = "Counted: off, aggregate or individual."


def _word(option: str, help_: str, **more: Any) -> Any:
    return Annotated[str | None, typer.Option(*option.split(), help=help_, **more)]


def _switch(option: str, help_: str) -> Any:
    return Annotated[bool | None, typer.Option(option, help=help_)]


def _days(option: str, help_: str, *, most: int) -> Any:
    return Annotated[int | None, typer.Option(option, metavar="DAYS", min=0, max=most, help=help_)]


# By what the options and newsletter.toml call it: a column, and the option that says it.
OPTIONS: dict[str, tuple[str, Any]] = {
    "name": ("name", Name),
    "postal": ("postal_address", _word("--postal", "Postal address for the footer.")),
    "reply_to": ("reply_to", _word("--reply-to", "Where replies go.")),
    "privacy_url": ("privacy_url", _word("--privacy-url", "The privacy notice.")),
    "site_url": ("site_url", _word("--site-url", "The site the posts live on.")),
    "language": ("language", _word("--language", "A code, such as en or de.")),
    "time_zone": ("time_zone", _word("--time-zone", "As in Europe/Berlin.")),
    "accent": ("accent", _word("--accent", "Brand colour, #rrggbb.")),
    "layout": ("layout", _word("--layout", "digest, or letter for prose.")),
    "logo_url": ("logo_url", _word("--logo", "A logo beside the name.", metavar="URL")),
    "opt_in": ("opt_in", _word("--opt-in", "double or single.")),
    "consent": (
        "consent_wording",
        _word("--wording --consent", "What people agree to on the form.", metavar="TEXT"),
    ),
    "public": ("public", _switch("--public/--private", "Who can sign up.")),
    "welcome": ("welcome", _switch("--welcome/--no-welcome", "A letter to who has joined.")),
    "merge_fields": (
        "merge_fields",
        _switch("--merge-fields/--no-merge-fields", "Fill {name|there} in for each reader."),
    ),
    "clicks": ("click_tracking", _word("--clicks", COUNTED)),
    "opens": ("open_tracking", _word("--opens", COUNTED)),
    "counted_by": ("counted_by", _word("--counted-by", "Who counts: own or provider.")),
    "text_links": (
        "text_links",
        _switch("--text-links/--no-text-links", "Links of the text part are counted too."),
    ),
    "utm": (
        "utm",
        _switch("--utm/--no-utm", "The site's addresses say which issue they came from."),
    ),
    "latest_within": (
        "latest_within",
        _days(
            "--latest-within",
            "Who confirms so soon after an issue gets it too; 0: waits for the next.",
            most=90,
        ),
    ),
    "ask_after": (
        "ask_after",
        _days(
            "--ask-after",
            "`lists ask` asks who gave no sign of life for so long; 0: nobody.",
            most=3650,
        ),
    ),
}
COLUMNS = {name: column for name, (column, _) in OPTIONS.items()}


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command, in place of its `**given`, an option for each column of a list."""
    found = inspect.signature(command)
    own = [one for one in found.parameters.values() if one.kind is not one.VAR_KEYWORD]
    rest = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
        for name, (_, option) in OPTIONS.items()
        if name not in found.parameters
    ]
    made = found.replace(parameters=[*own, *rest])

    @functools.wraps(command)
    def run(**given: Any) -> None:
        command(**given)

    vars(run)["__signature__"] = made
    run.__annotations__ = {one.name: one.annotation for one in made.parameters.values()}
    return run


def columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that options or a table of newsletter.toml give."""
    from newsletter.publishing import mailbox

    said = {
        COLUMNS[name]: value
        for name, value in given.items()
        if name in COLUMNS and value is not None
    }
    if given.get("sender"):
        box = mailbox(given["sender"])
        said["sender_address"] = box.address
        if sender_name := box.name or given.get("name"):
            said["sender_name"] = sender_name
    return said
