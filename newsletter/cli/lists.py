"""`newsletter lists`: add, show, edit, and take over from newsletter.toml."""

import functools
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.errors import SettingsError

if TYPE_CHECKING:
    from subscribers.models import List

app = typer.Typer(help="The newsletters people can subscribe to.", no_args_is_help=True)

Name = Annotated[str | None, typer.Option("--name", help="What readers call it.")]
From = Annotated[str | None, typer.Option("--from", help='Sender: "Name <address>".')]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
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


def _with_options(command: Callable[..., None]) -> Callable[..., None]:
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


@app.command()
@_with_options
def add(slug: str, name: Name, sender: From, **given: Any) -> None:
    """Make a list."""
    from subscribers import store
    from subscribers.database import now

    given |= {"name": name, "sender": sender}
    with opened() as house, house.database.begin() as session:
        store.add_list(session, slug=slug, now=now(), **_columns(given))
    console.say(f"list {slug} made")
    if not given["postal"]:
        console.warn("  → no postal address yet: --postal; nothing leaves without one")
    if not given["privacy_url"]:
        console.warn("  → no privacy notice yet: --privacy-url; nothing leaves without one")


@app.command()
@_with_options
def edit(slug: str, sender: From = None, **given: Any) -> None:
    """Change a list; what is not named stays, "" takes away. Scheduled issues keep what they froze."""
    from subscribers import store

    columns = _columns(given | {"sender": sender})
    with opened() as house, house.database.begin() as session:
        list_ = store.find_list(session, slug)
        before = _told(list_)
        changes = _changes(before, _told(store.edit_list(session, list_, **columns)))
    _tell(slug, changes)


@app.command()
def sync() -> None:
    """Make or change the lists of newsletter.toml."""
    from newsletter.settings import load
    from subscribers import store
    from subscribers.database import now

    tables = load().lists
    if not tables:
        raise SettingsError("newsletter.toml has no [lists.NAME] table", "see docs/settings.md")
    told: dict[str, list[str] | None] = {}
    with opened() as house, house.database.begin() as session:
        known = {list_.slug: list_ for list_ in store.lists(session)}
        for slug, written in tables.items():
            columns = _columns(written.model_dump())
            if slug not in known:
                store.add_list(session, slug=slug, now=now(), **columns)
                told[slug] = None
                continue
            before = _told(known[slug])
            after = _told(store.edit_list(session, known[slug], **columns))
            named = {"from" if name == "sender" else name for name in written.model_fields_set}
            told[slug] = _changes(before, after, named)
    for slug, changes in told.items():
        _tell(slug, changes)


@app.command()
def ask(
    slug: Annotated[str, typer.Argument()] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many it would be.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Ask by letter who gave no sign of life whether they still want the list; removes nobody."""
    from newsletter import letters
    from newsletter.models import LetterKind
    from newsletter.publishing import letter_body
    from subscribers import store
    from subscribers.database import now

    with opened() as house:
        with house.database.read() as session:
            list_ = store.find_list(session, slug or None)
            people = letters.silent(session, list_, now())
        told = f"{len(people):,} people of {list_.slug} gave no sign of life for {list_.ask_after} days"
        if dry_run or not people:
            console.say(f"{told}; nothing was written")
            return
        if not yes and not console.confirmed(f"{told}. Write to them?"):
            raise SettingsError("nothing was written", "--yes answers for you")
        with house.database.begin() as session:
            list_ = store.find_list(session, list_.slug)
            kind, templates = LetterKind.STILL_WANT, house.settings.templates
            body = letter_body(session, list_, kind, templates=templates)
            # Once more: somebody may have followed a link while you were asked.
            people = letters.silent(session, list_, now())
            letters.ask(session, list_, people, body, now=now())
    console.say(f"{len(people):,} letters are written; the worker sends them")


@app.command()
def show(slug: Annotated[str, typer.Argument()] = "", as_json: Json = False) -> None:
    """Show one list, or all of them with their numbers of active subscribers."""
    from subscribers import store

    with opened() as house, house.database.read() as session:
        rows = [store.find_list(session, slug)] if slug else list(store.lists(session))
        described = [_described(row, store.count_audience(session, row.id)) for row in rows]
    if as_json:
        console.as_json(described)
    elif slug:
        for field, value in described[0].items():
            console.say(f"{field:<12} {value}")
    elif described:
        console.table(
            ["slug", "name", "from", "active"],
            [[row[field] for field in ("slug", "name", "from", "active")] for row in described],
        )
    else:
        console.say("no list yet: newsletter lists add SLUG --name … --from … --postal …")


def _described(row: "List", active: int) -> dict[str, Any]:
    told = {"slug": row.slug, "name": row.name, "from": "", "active": active}
    return told | _told(row) | {"consent_version": row.consent_version}


def _told(row: "List") -> dict[str, Any]:
    """Return what a list says, by the names of newsletter.toml."""
    sender = f"{row.sender_name} <{row.sender_address}>"
    return {"from": sender} | {name: getattr(row, column) for name, column in COLUMNS.items()}


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], written: Collection[str] | None = None
) -> list[str]:
    """Say what became another; what is not among the `written` went back to its default."""
    return [
        f"{name}: {_said(before[name])} → {_said(value)}"
        + ("" if written is None or name in written else " (its default: the file says nothing)")
        for name, value in after.items()
        if value != before[name]
    ]


def _said(value: Any) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value) or "nothing"


def _tell(slug: str, changes: Sequence[str] | None) -> None:
    """Say what became of a list; None: it is new."""
    if changes is None:
        console.say(f"list {slug} made")
    else:
        console.say(f"list {slug} {'changed' if changes else 'is as it was'}")
        for change in changes:
            console.say(f"  {change}")


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that options or a table of newsletter.toml give."""
    from newsletter.publishing import mailbox

    columns = {
        COLUMNS[name]: value
        for name, value in given.items()
        if name in COLUMNS and value is not None
    }
    if given.get("sender"):
        box = mailbox(given["sender"])
        columns["sender_address"] = box.address
        if sender_name := box.name or given.get("name"):
            columns["sender_name"] = sender_name
    return columns
