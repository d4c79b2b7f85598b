"""`newsletter subscribers` on one person: show, correct, copy, erase, suppress."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.cli.options import Json, Yes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from subscribers.models import Subscriber


def register(app: typer.Typer) -> None:
    """Add the commands on one person."""
    app.command("export-person")(export_person)
    for command in (show, edit, erase, suppress, unsuppress):
        app.command()(command)


def edit(
    address: str,
    name: Annotated[
        str | None, typer.Option("--name", help="The name; empty takes it away.")
    ] = None,
    email: Annotated[str, typer.Option("--email", help="The address; nobody is asked.")] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Put a tag on.")] = None,
    untag: Annotated[list[str] | None, typer.Option("--untag", help="Take a tag off.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="An attribute.")
    ] = None,
    unset: Annotated[list[str] | None, typer.Option("--unset", help="Take one away.")] = None,
) -> None:
    """Correct what is known of a person: name, address, tags, attributes."""
    from newsletter.errors import SettingsError
    from subscribers import store
    from subscribers.address import parse
    from subscribers.database import now
    from subscribers.errors import AddressRefused
    from subscribers.marks import read_value
    from subscribers.names import tidy

    values: dict[str, object] = dict.fromkeys(unset or ())
    for pair in set_ or ():
        attribute, found, value = pair.partition("=")
        if not found:
            raise SettingsError(f"--set {pair}: needs name=value", "--set city=Pune")
        values[attribute] = read_value(value)
    with opened() as house, house.database.begin() as session:
        person = _found(session, address)
        store.set_attributes(session, person, values)
        store.tag(session, person.id, tag or ())
        store.untag(session, person.id, untag or ())
        if name is not None:
            person.name = tidy(name)
        if email:
            wanted = parse(email, smtputf8=house.settings.smtputf8)
            if store.was_erased(session, wanted.key):
                raise AddressRefused(
                    f"{email} had everything erased here", "they can sign up themselves"
                )
            store.correct_address(session, person, wanted, now=now())
        changed = {"name": name is not None, "address": email, "tags": tag or untag}
        what = ", ".join([word for word, is_so in changed.items() if is_so] + [*values])
        if what:
            visit = store.Visit(actor=console.who(), via="admin")
            store.note_change(session, person, what, visit=visit, now=now())
        kept = [*store.tags_of(session, person.id)]
        shown = {"email": person.email, "name": person.name, "tags": kept, **person.attributes}
    for field, value in shown.items():
        console.say(f"{field:<12} {', '.join(value) if isinstance(value, list) else value}")


def show(address: str, as_json: Json = False) -> None:
    """Tell in plain words what happened with an address, and whether it may be mailed."""
    from subscribers import store
    from subscribers.address import key_of

    with opened() as house, house.database.read() as session:
        lines = store.story(session, key_of(address))
    if as_json:
        console.as_json(lines)
    else:
        for line in lines:
            console.say(line)


def export_person(
    address: str,
    out: Annotated[Path | None, typer.Option("--out", help="A file; else standard output.")] = None,
) -> None:
    """Write everything known of a person as JSON: the copy that they may ask for."""
    from newsletter.rights import person_record

    with opened() as house, house.database.read() as session:
        record = person_record(session, _found(session, address))
    if out is None:
        console.as_json(record)
    else:
        out.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        console.say(f"{out} holds everything known of {address}")


def erase(address: str, yes: Yes = False) -> None:
    """Erase everything that names a person; no import brings them back."""
    from newsletter.errors import IssueError
    from newsletter.rights import erase_person
    from subscribers.database import now

    with opened() as house:
        with house.database.read() as session:
            person_id = _found(session, address).id
        if not yes and not console.confirmed(f"Erase everything known of {address}, for good?"):
            raise IssueError("nothing was erased", "--yes answers for you")
        files = erase_person(
            house.database,
            house.links,
            person_id,
            outbox=house.settings.outbox_dir,
            actor=console.who(),
            now=now(),
        )
    console.say(f"{address} is erased, with {console.counted(files, 'mail')} in the outbox")


def _found(session: "Session", address: str) -> "Subscriber":
    from subscribers import store
    from subscribers.address import key_of
    from subscribers.errors import NotFound

    person = store.find(session, key_of(address))
    if person is None:
        raise NotFound(f"nobody has the address {address}", "newsletter subscribers find …")
    return person


def suppress(address: str, reason: str = "") -> None:
    """Never mail this address again, whoever asks; @example.org means all of a domain."""
    from subscribers import store
    from subscribers.database import now
    from subscribers.models import SuppressionReason

    with opened() as house, house.database.begin() as session:
        store.suppress(
            session,
            _key(address),
            SuppressionReason.MANUAL,
            detail=f"{console.who()}: {reason}".rstrip(": "),
            now=now(),
        )
    console.say(f"{address} is suppressed")


def unsuppress(address: str, reason: Annotated[str, typer.Option("--reason")]) -> None:
    """Let an address be mailed again; the reason is kept."""
    from subscribers import store
    from subscribers.database import now

    with opened() as house, house.database.begin() as session:
        key = _key(address)
        store.unsuppress(session, key, reason=f"{console.who()}: {reason}", now=now())
        wider, own = store.suppression_of(session, key), store.suppressed_at(session, key)
    if wider is not None:
        console.say(f"{address} by itself is not suppressed any more: {wider.email_key} still is")
        return
    console.say(f"{address} may be mailed again, when a list has it as active")
    if own:
        console.say(f"  but not {own:,} of these addresses: each is suppressed by itself")


def _key(typed: str) -> str:
    from subscribers.address import key_of, parse_domain

    return parse_domain(typed) if typed.startswith("@") else key_of(typed)
