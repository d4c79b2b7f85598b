"""`newsletter lists`: add, show, edit, and take over from newsletter.toml."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.cli import console
from newsletter.cli.list_options import COLUMNS, From, Name, columns, with_options
from newsletter.cli.opened import opened
from newsletter.cli.options import Json, Yes
from newsletter.errors import SettingsError

if TYPE_CHECKING:
    from subscribers.models import List

app = typer.Typer(help="The newsletters people can subscribe to.", no_args_is_help=True)


@app.command()
@with_options
def add(slug: str, name: Name, sender: From, **given: Any) -> None:
    """Make a list."""
    from subscribers import store
    from subscribers.database import now

    given |= {"name": name, "sender": sender}
    with opened() as house, house.database.begin() as session:
        store.add_list(session, slug=slug, now=now(), **columns(given))
    console.say(f"list {slug} made")
    if not given["postal"]:
        console.warn("  → no postal address yet: --postal; nothing leaves without one")
    if not given["privacy_url"]:
        console.warn("  → no privacy notice yet: --privacy-url; nothing leaves without one")


@app.command()
@with_options
def edit(slug: str, sender: From = None, **given: Any) -> None:
    """Change a list; what is not named stays, "" takes away. Scheduled issues keep what they froze."""
    from subscribers import store

    said = columns(given | {"sender": sender})
    with opened() as house, house.database.begin() as session:
        list_ = store.find_list(session, slug)
        before = _told(list_)
        changes = _changes(before, _told(store.edit_list(session, list_, **said)))
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
            said = columns(written.model_dump())
            if slug not in known:
                store.add_list(session, slug=slug, now=now(), **said)
                told[slug] = None
                continue
            before = _told(known[slug])
            after = _told(store.edit_list(session, known[slug], **said))
            named = {"from" if name == "sender" else name for name in written.model_fields_set}
            told[slug] = _changes(before, after, named)
    for slug, changes in told.items():
        _tell(slug, changes)


@app.command()
def ask(
    slug: Annotated[str, typer.Argument()] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many it would be.")] = False,
    yes: Yes = False,
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
        told = f"{console.people(len(people))} of {list_.slug} gave no sign of life for {list_.ask_after} days"
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
    if slug and not as_json:
        for field, value in described[0].items():
            console.say(f"{field:<12} {value}")
        return
    nothing = "no list yet: newsletter lists add SLUG --name … --from … --postal …"
    console.listing(described, nothing, json=as_json, head=["slug", "name", "from", "active"])


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
