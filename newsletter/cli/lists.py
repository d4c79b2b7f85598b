"""`newsletter lists`: add, show, edit, and take over from newsletter.toml."""

from typing import Annotated, Any

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.errors import SettingsError

app = typer.Typer(help="The newsletters people can subscribe to.", no_args_is_help=True)

Name = Annotated[str, typer.Option("--name", help="What readers call it.")]
From = Annotated[str, typer.Option("--from", help='Sender: "Name <address>".')]
Postal = Annotated[str, typer.Option("--postal", help="Postal address for the footer.")]
ReplyTo = Annotated[str, typer.Option("--reply-to", help="Where replies go.")]
Privacy = Annotated[str, typer.Option("--privacy-url", help="The privacy notice.")]
Site = Annotated[str, typer.Option("--site-url", help="The site the posts live on.")]
Language = Annotated[str, typer.Option("--language", help="Language code, such as en or de.")]
Zone = Annotated[str, typer.Option("--time-zone", help="IANA name, such as Europe/Berlin.")]
Accent = Annotated[str, typer.Option("--accent", help="Brand colour, #rrggbb.")]
Layout = Annotated[str, typer.Option("--layout", help="digest, or letter for prose.")]
Logo = Annotated[str, typer.Option("--logo", metavar="URL", help="A logo beside the name.")]
OptIn = Annotated[str, typer.Option("--opt-in", help="double or single.")]
Private = Annotated[bool | None, typer.Option("--private/--public", help="Who can sign up.")]
Consent = Annotated[
    str,
    typer.Option(
        "--wording", "--consent", metavar="TEXT", help="What people agree to on the form."
    ),
]
Welcome = Annotated[
    bool | None, typer.Option("--welcome/--no-welcome", help="A letter to who has joined.")
]
Clicks = Annotated[str, typer.Option("--clicks", help="Counted: off, aggregate or individual.")]
Opens = Annotated[str, typer.Option("--opens", help="Counted: off, aggregate or individual.")]
TextLinks = Annotated[
    bool | None,
    typer.Option("--text-links/--no-text-links", help="Links of the text part are counted too."),
]
Utm = Annotated[
    bool | None,
    typer.Option("--utm/--no-utm", help="The site's addresses say which issue they came from."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def add(
    slug: str,
    name: Name,
    sender: From,
    postal: Postal = "",
    reply_to: ReplyTo = "",
    privacy_url: Privacy = "",
    site_url: Site = "",
    language: Language = "",
    time_zone: Zone = "",
    accent: Accent = "",
    layout: Layout = "",
    logo: Logo = "",
    opt_in: OptIn = "",
    consent: Consent = "",
    private: Private = None,
    welcome: Welcome = None,
    clicks: Clicks = "",
    opens: Opens = "",
    text_links: TextLinks = None,
    utm: Utm = None,
) -> None:
    """Make a list."""
    from subscribers import store
    from subscribers.database import now

    columns = _columns(
        name, sender, postal, reply_to, privacy_url, site_url, language, time_zone, accent, layout,
        logo, opt_in, consent, private, welcome, clicks, opens,
        text_links, utm,
    )  # fmt: skip
    with opened() as house, house.database.begin() as session:
        store.add_list(session, slug=slug, now=now(), **columns)
    console.say(f"list {slug} made")
    if not postal:
        console.warn("  → no postal address yet: --postal; nothing leaves without one")
    if not privacy_url:
        console.warn("  → no privacy notice yet: --privacy-url; nothing leaves without one")


@app.command()
def edit(
    slug: str,
    name: Name = "",
    sender: From = "",
    postal: Postal = "",
    reply_to: ReplyTo = "",
    privacy_url: Privacy = "",
    site_url: Site = "",
    language: Language = "",
    time_zone: Zone = "",
    accent: Accent = "",
    layout: Layout = "",
    logo: Logo = "",
    opt_in: OptIn = "",
    consent: Consent = "",
    private: Private = None,
    welcome: Welcome = None,
    clicks: Clicks = "",
    opens: Opens = "",
    text_links: TextLinks = None,
    utm: Utm = None,
) -> None:
    """Change a list; what is not named stays. Issues already scheduled keep what they froze."""
    from subscribers import store

    columns = _columns(
        name, sender, postal, reply_to, privacy_url, site_url, language, time_zone, accent, layout,
        logo, opt_in, consent, private, welcome, clicks, opens,
        text_links, utm,
    )  # fmt: skip
    with opened() as house, house.database.begin() as session:
        store.edit_list(session, store.find_list(session, slug), **columns)
    console.say(f"list {slug} changed: {', '.join(columns) or 'nothing'}")


@app.command()
def sync() -> None:
    """Make or change the lists of newsletter.toml."""
    from newsletter.publishing import masthead_from
    from newsletter.settings import load
    from subscribers import store
    from subscribers.database import now

    tables = load().lists
    if not tables:
        raise SettingsError("newsletter.toml has no [lists.NAME] table", "see docs/settings.md")
    with opened() as house, house.database.begin() as session:
        known = {list_.slug: list_ for list_ in store.lists(session)}
        for slug, written in tables.items():
            masthead = masthead_from(slug, written)
            columns: dict[str, Any] = {
                "name": masthead.name,
                "sender_name": masthead.sender.name,
                "sender_address": masthead.sender.address,
                "reply_to": written.reply_to,
                "postal_address": written.postal,
                "privacy_url": written.privacy_url,
                "site_url": written.site_url,
                "language": written.language,
                "time_zone": written.time_zone,
                "accent": written.accent,
                "layout": written.layout,
                "logo_url": written.logo_url,
                "opt_in": written.opt_in,
                "consent_wording": written.consent,
                "public": written.public,
                "welcome": written.welcome,
                "click_tracking": written.clicks,
                "open_tracking": written.opens,
                "text_links": written.text_links,
                "utm": written.utm,
            }
            if slug in known:
                store.edit_list(session, known[slug], **columns)
            else:
                store.add_list(session, slug=slug, now=now(), **columns)
            console.say(f"list {slug} {'changed' if slug in known else 'made'}")


@app.command()
def show(slug: Annotated[str, typer.Argument()] = "", as_json: Json = False) -> None:
    """Show one list, or all of them with their numbers of active subscribers."""
    from sqlalchemy import func, select

    from subscribers import store

    with opened() as house, house.database.read() as session:
        rows = [store.find_list(session, slug)] if slug else list(store.lists(session))
        described = [
            {
                "slug": row.slug,
                "name": row.name,
                "from": f"{row.sender_name} <{row.sender_address}>",
                "active": session.scalar(
                    select(func.count()).select_from(store.audience(row.id).subquery())
                ),
                "postal": row.postal_address,
                "reply_to": row.reply_to,
                "privacy_url": row.privacy_url,
                "site_url": row.site_url,
                "language": row.language,
                "time_zone": row.time_zone,
                "accent": row.accent,
                "layout": row.layout,
                "logo_url": row.logo_url,
                "opt_in": row.opt_in,
                "consent": row.consent_wording,
                "consent_version": row.consent_version,
                "welcome": row.welcome,
                "public": row.public,
                "clicks": row.click_tracking,
                "opens": row.open_tracking,
                "text_links": row.text_links,
                "utm": row.utm,
            }
            for row in rows
        ]
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


def _columns(
    name: str,
    sender: str,
    postal: str,
    reply_to: str,
    privacy_url: str,
    site_url: str,
    language: str,
    time_zone: str,
    accent: str,
    layout: str,
    logo: str,
    opt_in: str,
    consent: str,
    private: bool | None,
    welcome: bool | None,
    clicks: str,
    opens: str,
    text_links: bool | None,
    utm: bool | None,
) -> dict[str, Any]:
    from newsletter.publishing import mailbox

    columns: dict[str, Any] = {
        "name": name,
        "postal_address": postal,
        "reply_to": reply_to,
        "privacy_url": privacy_url,
        "site_url": site_url,
        "language": language,
        "time_zone": time_zone,
        "accent": accent,
        "layout": layout,
        "logo_url": logo,
        "opt_in": opt_in,
        "consent_wording": consent,
        "click_tracking": clicks,
        "open_tracking": opens,
    }
    columns = {field: value for field, value in columns.items() if value}
    if sender:
        box = mailbox(sender)
        columns |= {"sender_name": box.name or name, "sender_address": box.address}
    switches = {
        "public": None if private is None else not private,
        "welcome": welcome,
        "text_links": text_links,
        "utm": utm,
    }
    return columns | {name: chosen for name, chosen in switches.items() if chosen is not None}
