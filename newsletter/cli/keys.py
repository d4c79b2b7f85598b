"""`newsletter keys`: which keys there are, and a new one to sign with."""

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.cli.options import Json

app = typer.Typer(help="The keys that sign links.", no_args_is_help=True)


@app.command()
def show(as_json: Json = False) -> None:
    """Show each key by its fingerprint, and exit 1 when one that signed here is lost."""
    from sqlalchemy import select

    from newsletter.models import KeyFingerprint

    with opened() as house:
        with house.database.read() as session:
            used = {
                row.fingerprint: row.first_used_at
                for row in session.scalars(select(KeyFingerprint))
            }
        ring = [key.fingerprint for key in house.links.ring.keys]
        lost = house.lost_keys
    does = ["signs and opens", *["opens" for _ in ring[1:]], *["is lost" for _ in lost]]
    rows = [
        {"key": key, "does": what, "since": used.get(key)}
        for key, what in zip([*ring, *lost], does, strict=True)
    ]
    console.listing(rows, "no key", json=as_json)
    if lost:
        raise typer.Exit(1)


@app.command()
def rotate() -> None:
    """Make a new key to sign with; the old ones go on opening the links that are out."""
    from newsletter.app.key_file import rotate as add_key
    from newsletter.settings import load

    with opened() as house:
        house.require_keys()
    fingerprint = add_key(load())
    console.say(
        f"key {fingerprint} signs from now on; the older ones stay, for the links that are out"
    )
    console.say("restart newsletter serve and worker; make a new backup: it carries the keys")
