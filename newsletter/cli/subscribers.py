"""`newsletter subscribers`: who may be mailed, in and out."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.cli.options import DryRun, Json, ListName

app = typer.Typer(help="Who may be mailed, and why.", no_args_is_help=True)

Segment = Annotated[
    str, typer.Option("--segment", metavar="FILTER", help="Only these, such as tag:vip.")
]
Consent = Annotated[
    str,
    typer.Option(
        "--i-have-consent",
        metavar="TEXT",
        help="How and when these people agreed; kept as evidence for each of them.",
    ),
]


@app.command()
def add(address: str, list_: ListName = "", name: str = "", consent: Consent = "") -> None:
    """Add one person who agreed, with the evidence you give."""
    from newsletter.errors import SettingsError
    from subscribers import store
    from subscribers.address import parse
    from subscribers.database import now
    from subscribers.flags import MEANINGS, flags_of

    if not consent:
        raise SettingsError(
            "adding a person needs the evidence that they agreed",
            'say how and when: --i-have-consent "asked by phone on 3 May 2026"',
        )
    visit = store.Visit(actor=console.who(), via="admin", source=consent)
    with opened() as house, house.database.begin() as session:
        row = store.find_list(session, list_ or None)
        parsed = parse(address, smtputf8=house.settings.smtputf8)
        store.add(session, row, parsed, name=name, visit=visit, now=now())
        console.say(f"{address} is on {row.slug}")
        if store.is_suppressed(session, parsed.key):
            console.warn(
                "  → it is suppressed, and gets nothing: newsletter subscribers show says why"
            )
        for flag in flags_of(parsed.key):
            console.warn(f"  → {MEANINGS[flag]}")


@app.command("import")
def import_(
    file: Path,
    list_: ListName = "",
    consent: Consent = "",
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="column=field, such as mail=email.")
    ] = None,
    origin: Annotated[
        str, typer.Option("--from", metavar="NAME", help="The system the file comes from.")
    ] = "",
    all_are: Annotated[
        str, typer.Option("--as", metavar="STATE", help="What everybody in the file is.")
    ] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take subscribers from a CSV file; bad rows go to a report beside it.

    Exports of listmonk, Mailchimp, Substack, Ghost, Buttondown, Kit and Mailman are known.
    """
    from newsletter.errors import SettingsError
    from subscribers import store
    from subscribers.database import now
    from subscribers.transfer import import_csv
    from subscribers.transfer.origins import Fate

    if all_are and all_are not in [*Fate]:
        raise SettingsError(f"--as {all_are}: is no state", ", ".join(Fate))
    columns = {}
    for pair in mapping or []:
        column, found, field = pair.partition("=")
        if not found:
            raise SettingsError(f"--map {pair}: needs column=field", "--map mail=email")
        columns[column] = field
    with opened() as house:
        with house.database.read() as session:
            slug = store.find_list(session, list_ or None).slug
        going_on = "" if dry_run else "the same command again goes on where it was"
        with console.progress("importing", "bytes") as advance, console.noted(going_on):
            report = import_csv(
                house.database,
                file,
                slug,
                consent_text=consent or None,
                dry_run=dry_run,
                column_map=columns or None,
                origin=origin or None,
                all_are=Fate(all_are) if all_are else None,
                progress=None if as_json else advance,
                actor=console.who(),
                smtputf8=house.settings.smtputf8,
                now=now(),
            )
    if as_json:
        console.as_json({name: getattr(report, name) for name in report.__dataclass_fields__})
    else:
        for line in report.lines():
            console.say(line)
    if report.refused:
        raise typer.Exit(1)


@app.command()
def export(
    list_: ListName = "",
    segment: Segment = "",
    out: Annotated[Path | None, typer.Option("--out", help="A file; else standard output.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines instead of CSV.")] = False,
    raw: Annotated[bool, typer.Option("--raw", help="Do not defuse spreadsheet formulas.")] = False,
) -> None:
    """Write a list's subscribers as CSV, or as JSON lines."""
    from newsletter import engagement
    from subscribers import store
    from subscribers.transfer import export_csv, export_json_lines

    with opened() as house, house.database.read() as session:
        row = store.find_list(session, list_ or None)
        narrowed = engagement.narrowed(session, row, segment)
        target = out.open("w", encoding="utf-8", newline="") if out else sys.stdout
        try:
            if as_json:
                count = export_json_lines(session, row.id, target, narrowed)
            else:
                count = export_csv(session, row.id, target, narrowed, raw=raw)
        finally:
            if out:
                target.close()
    console.warn(f"{console.counted(count, 'subscriber')} of {row.slug}")


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="How the address begins.")] = "",
    segment: Segment = "",
    list_: ListName = "",
    as_json: Json = False,
    after: Annotated[
        str, typer.Option("--after", metavar="ADDRESS", help="Go on after this one.")
    ] = "",
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1_000_000, help="How many at most.")
    ] = 20,
) -> None:
    """Find people whose address begins with TEXT, or whom a send to a segment would reach.

    By address; without TEXT and segment, everybody.
    """
    from newsletter import segments
    from newsletter.errors import SettingsError
    from subscribers import store
    from subscribers.address import key_of

    if text and segment:
        raise SettingsError("name the beginning of an address, or a segment", "--segment tag:vip")
    last = key_of(after) if after else ""
    with opened() as house, house.database.read() as session:
        if segment:
            row = store.find_list(session, list_ or None)
            whom = segments.find(session, row, segment, limit=limit, after=last)
            console.warn(f"{console.people(whom.count)} of {row.slug}, {whom.told}")
            found = whom.people
        else:
            found = store.search(session, text, limit=limit, after=last)
        rows = [{"id": row.id, "email": row.email, "name": row.name} for row in found]
    console.listing(rows, "nobody", json=as_json)
    if rows and len(rows) == limit and not as_json:
        console.warn(f"there may be more: --after {rows[-1]['email']}")
    if not rows:
        raise typer.Exit(1)
