"""`newsletter lists`: add, show, edit, and take over from newsletter.toml."""

from collections.abc import Mapping
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
Postal = Annotated[str | None, typer.Option("--postal", help="Postal address for the footer.")]
ReplyTo = Annotated[str | None, typer.Option("--reply-to", help="Where replies go.")]
Privacy = Annotated[str | None, typer.Option("--privacy-url", help="The privacy notice.")]
Site = Annotated[str | None, typer.Option("--site-url", help="The site the posts live on.")]
Language = Annotated[str | None, typer.Option("--language", help="A code, such as en or de.")]
Zone = Annotated[str | None, typer.Option("--time-zone", help="As in Europe/Berlin.")]
Accent = Annotated[str | None, typer.Option("--accent", help="Brand colour, #rrggbb.")]
Layout = Annotated[str | None, typer.Option("--layout", help="digest, or letter for prose.")]
Logo = Annotated[str | None, typer.Option("--logo", metavar="URL", help="A logo beside the name.")]
OptIn = Annotated[str | None, typer.Option("--opt-in", help="double or single.")]
Public = Annotated[bool | None, typer.Option("--public/--private", help="Who can sign up.")]
Consent = Annotated[
    str | None,
    typer.Option(
        "--wording", "--consent", metavar="TEXT", help="What people agree to on the form."
    ),
]
Welcome = Annotated[
    bool | None, typer.Option("--welcome/--no-welcome", help="A letter to who has joined.")
]
MergeFields = Annotated[
    bool | None,
    typer.Option("--merge-fields/--no-merge-fields", help="Fill {name|there} in for each reader."),
]
COUNTED = "Counted: off, aggregate or individual."
Clicks = Annotated[str | None, typer.Option("--clicks", help=COUNTED)]
Opens = Annotated[str | None, typer.Option("--opens", help=COUNTED)]
TextLinks = Annotated[
    bool | None,
    typer.Option("--text-links/--no-text-links", help="Links of the text part are counted too."),
]
Utm = Annotated[
    bool | None,
    typer.Option("--utm/--no-utm", help="The site's addresses say which issue they came from."),
]
Latest = Annotated[
    int | None,
    typer.Option(
        "--latest-within", metavar="DAYS", min=0, max=90,
        help="Who confirms so soon after an issue gets it too; 0: waits for the next.",
    ),
]  # fmt: skip
AskAfter = Annotated[
    int | None,
    typer.Option(
        "--ask-after", metavar="DAYS", min=0, max=3650,
        help="`lists ask` asks who gave no sign of life for so long; 0: nobody.",
    ),
]  # fmt: skip
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

# What the options and newsletter.toml call a column.
COLUMNS = {
    "name": "name",
    "postal": "postal_address",
    "reply_to": "reply_to",
    "privacy_url": "privacy_url",
    "site_url": "site_url",
    "language": "language",
    "time_zone": "time_zone",
    "accent": "accent",
    "layout": "layout",
    "logo_url": "logo_url",
    "opt_in": "opt_in",
    "consent": "consent_wording",
    "public": "public",
    "welcome": "welcome",
    "merge_fields": "merge_fields",
    "clicks": "click_tracking",
    "opens": "open_tracking",
    "text_links": "text_links",
    "utm": "utm",
    "latest_within": "latest_within",
    "ask_after": "ask_after",
}


@app.command()
def add(
    context: typer.Context,
    slug: str,
    name: Name,
    sender: From,
    postal: Postal = None,
    reply_to: ReplyTo = None,
    privacy_url: Privacy = None,
    site_url: Site = None,
    language: Language = None,
    time_zone: Zone = None,
    accent: Accent = None,
    layout: Layout = None,
    logo_url: Logo = None,
    opt_in: OptIn = None,
    consent: Consent = None,
    public: Public = None,
    welcome: Welcome = None,
    merge_fields: MergeFields = None,
    clicks: Clicks = None,
    opens: Opens = None,
    text_links: TextLinks = None,
    utm: Utm = None,
    latest_within: Latest = None,
    ask_after: AskAfter = None,
) -> None:
    """Make a list."""
    from subscribers import store
    from subscribers.database import now

    with opened() as house, house.database.begin() as session:
        store.add_list(session, slug=slug, now=now(), **_columns(context.params))
    console.say(f"list {slug} made")
    if not postal:
        console.warn("  → no postal address yet: --postal; nothing leaves without one")
    if not privacy_url:
        console.warn("  → no privacy notice yet: --privacy-url; nothing leaves without one")


@app.command()
def edit(
    context: typer.Context,
    slug: str,
    name: Name = None,
    sender: From = None,
    postal: Postal = None,
    reply_to: ReplyTo = None,
    privacy_url: Privacy = None,
    site_url: Site = None,
    language: Language = None,
    time_zone: Zone = None,
    accent: Accent = None,
    layout: Layout = None,
    logo_url: Logo = None,
    opt_in: OptIn = None,
    consent: Consent = None,
    public: Public = None,
    welcome: Welcome = None,
    merge_fields: MergeFields = None,
    clicks: Clicks = None,
    opens: Opens = None,
    text_links: TextLinks = None,
    utm: Utm = None,
    latest_within: Latest = None,
    ask_after: AskAfter = None,
) -> None:
    """Change a list; what is not named stays, "" takes away. Scheduled issues keep what they froze."""
    from subscribers import store

    columns = _columns(context.params)
    with opened() as house, house.database.begin() as session:
        store.edit_list(session, store.find_list(session, slug), **columns)
    console.say(f"list {slug} changed: {', '.join(columns) or 'nothing'}")


@app.command()
def sync() -> None:
    """Make or change the lists of newsletter.toml."""
    from newsletter.settings import load
    from subscribers import store
    from subscribers.database import now

    tables = load().lists
    if not tables:
        raise SettingsError("newsletter.toml has no [lists.NAME] table", "see docs/settings.md")
    with opened() as house, house.database.begin() as session:
        known = {list_.slug: list_ for list_ in store.lists(session)}
        for slug, written in tables.items():
            columns = _columns(written.model_dump())
            if slug in known:
                store.edit_list(session, known[slug], **columns)
            else:
                store.add_list(session, slug=slug, now=now(), **columns)
            console.say(f"list {slug} {'changed' if slug in known else 'made'}")


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
    sender = f"{row.sender_name} <{row.sender_address}>"
    told = {"slug": row.slug, "name": row.name, "from": sender, "active": active}
    told |= {name: getattr(row, column) for name, column in COLUMNS.items()}
    return told | {"consent_version": row.consent_version}


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
