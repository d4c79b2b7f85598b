"""`newsletter bounces`: bounces, complaints and goodbyes that come by mail."""

import typer

from newsletter.cli import console
from newsletter.cli.opened import opened
from newsletter.cli.options import Json

app = typer.Typer(help="Bounces, complaints and goodbyes by mail.", no_args_is_help=True)


@app.callback()
def bounces() -> None:
    """Bounces, complaints and goodbyes by mail."""


@app.command()
def poll(as_json: Json = False) -> None:
    """Look through the inbox now; the worker does so every minute."""
    from dataclasses import asdict

    from newsletter.errors import SettingsError
    from newsletter.events import Postbox
    from newsletter.providers import return_path_of
    from subscribers.database import now

    with opened() as house:
        url = house.settings.inbox_url.get_secret_value()
        if not url:
            raise SettingsError("INBOX_URL is empty", "docs/how-to/bounce-mailbox.md")
        postbox = Postbox(url, return_path_of(house.settings))
        looked = postbox.look(house.database, house.links, now=now())
    if as_json:
        console.as_json(asdict(looked))
        return
    console.say(
        f"{console.counted(looked.mails, 'mail')}: {console.counted(looked.report, 'report')}, "
        f"{console.counted(looked.goodbye, 'goodbye')} ({looked.new} of them new), "
        f"{console.counted(looked.automatic, 'automatic reply', 'automatic replies')}"
    )
    if looked.other:
        console.say(f"{looked.other} are for people to read, and were left in the inbox")
