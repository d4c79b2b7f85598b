"""`newsletter admin`: who may see the admin's pages, and which programs may ask the API."""

import getpass
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.cli.options import Json
from newsletter.errors import AccessError

if TYPE_CHECKING:
    from newsletter.app import App

app = typer.Typer(help="Who may see the admin's pages and ask the API.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Small letters and digits.")]


@app.command()
def add(name: Name) -> None:
    """Make an admin; on a terminal you are asked for a password, elsewhere one is made."""
    from newsletter import access
    from subscribers.database import now

    chosen, is_made = _new_password()
    with opened() as house:
        with house.database.begin() as session:
            access.add_admin(session, name, chosen, now=now())
        console.say(f"admin {name} made; sign in at {house.links.admin}")
        _tell(chosen, is_made=is_made)
        _warn_of_http(house)


@app.command()
def password(name: Name) -> None:
    """Give an admin a new password, and sign them out everywhere."""
    from newsletter import access
    from subscribers.errors import NotFound

    chosen, is_made = _new_password()
    with opened() as house, house.database.begin() as session:
        admin = access.find_admin(session, name)
        if admin is None:
            raise NotFound(f"there is no admin {name}", "newsletter admin list shows who there is")
        access.change_password(session, admin, chosen)
    console.say(f"{name} has a new password, and is signed out everywhere")
    _tell(chosen, is_made=is_made)


@app.command()
def token(
    name: Name,
    people: Annotated[
        bool, typer.Option("--people", help="It may also see names and addresses.")
    ] = False,
    days: Annotated[
        int, typer.Option("--days", min=0, max=3650, help="How long it opens; 0: for ever.")
    ] = 365,
) -> None:
    """Make a token for a program that asks the API; it is shown once."""
    from newsletter import access
    from subscribers.database import now

    moment = now()
    scopes = {access.Scope.COUNT, access.Scope.PEOPLE} if people else {access.Scope.COUNT}
    ends = moment + timedelta(days=days) if days else None
    with opened() as house, house.database.begin() as session:
        made = access.make_token(session, name, scopes, expires_at=ends, now=moment)
        api = house.links.api
    console.say(made)
    console.warn(f"token {name}, shown this once; it may:")
    for scope in sorted(scopes):
        console.warn(f"  {access.MEANINGS[scope]}")
    console.warn(f"{'until ' + f'{ends:%Y-%m-%d}' if ends else 'for ever'}, at {api}")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Show admins and tokens: since when, last used, until when."""
    from newsletter import access

    with opened() as house, house.database.read() as session:
        rows = [
            {
                "name": one.name,
                "kind": "admin",
                "may": "sign in",
                "made": one.created_at,
                "used": one.signed_in_at,
                "until": None,
            }
            for one in access.admins(session)
        ] + [
            {
                "name": one.name,
                "kind": f"token {one.beginning}…",
                "may": one.scopes,
                "made": one.created_at,
                "used": one.last_used_at,
                "until": one.expires_at,
            }
            for one in access.tokens(session)
        ]
    nobody = "nobody: newsletter admin add NAME, newsletter admin token NAME"
    console.listing(rows, nobody, json=as_json)


@app.command()
def remove(name: Name) -> None:
    """Take an admin or a token away, at once: sessions end, calls are refused."""
    from newsletter import access
    from subscribers.errors import NotFound

    with opened() as house, house.database.begin() as session:
        admin, held = access.find_admin(session, name), access.find_token(session, name)
        if admin is not None:
            access.remove_admin(session, admin)
        elif held is not None:
            session.delete(held)
        else:
            raise NotFound(
                f"there is neither an admin nor a token {name}",
                "newsletter admin list shows what there is",
            )
    console.say(f"{name} may come in no more")


def _new_password() -> tuple[str, bool]:
    """Return a password, and whether it was made here: asked for on a terminal, never an argument."""
    from newsletter.access.passwords import generated

    if not sys.stdin.isatty():
        return generated(), True
    chosen = getpass.getpass("password (empty: one is made): ")
    if not chosen:
        return generated(), True
    if getpass.getpass("once more: ") != chosen:
        raise AccessError("the two are not the same", "nothing was changed; try again")
    return chosen, False


def _tell(chosen: str, *, is_made: bool) -> None:
    if is_made:
        console.say(f"password, shown this once: {chosen}")


def _warn_of_http(house: "App") -> None:
    from newsletter.access import is_safe

    if not is_safe(house.settings.public_url):
        console.warn(
            f"  → PUBLIC_URL {house.settings.public_url} is neither https nor this machine: "
            "the admin's pages stay shut"
        )
