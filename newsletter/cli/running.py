"""The commands that make and run the house: init, doctor, serve, worker, db, demo."""

import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.demo import demo
from newsletter.cli.following import tell_outcomes, tell_waiting
from newsletter.cli.opened import opened
from newsletter.cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.app import App
    from newsletter.models import Issue

TOML = """\
# Settings of Broadsheet; docs/settings.md lists them all. The environment wins.
# public_url = "https://news.example.org"
# site_url = "https://www.example.org"
# provider = "smtp"            # the secret itself belongs into NEWSLETTER_SMTP_URL

# [lists.ledger]
# name = "The Monthly Ledger"
# from = "The Monthly Ledger <editors@example.org>"
# postal = "Street 1, 12345 Town"
# privacy_url = "https://www.example.org/privacy/"
"""

ENDING = b"\nstopping: what is on its way is finished first\n"

db_app = typer.Typer(help="The database's schema.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands that make and run the house."""
    for command in (init, demo, doctor, serve, worker):
        app.command()(command)
    app.add_typer(db_app, name="db")


def init() -> None:
    """Make the database, a key and a commented newsletter.toml in this folder; harmless twice."""
    from newsletter.settings import FILE

    if not FILE.exists():
        FILE.write_text(TOML, encoding="utf-8")
        console.say(f"{FILE} written")
    with opened() as house:
        console.say(f"database ready: {house.database.engine.url.render_as_string()}")
        private = [house.settings.database_file, house.settings.outbox_dir]
    if bare := [one for one in private if one is not None and _git_would_take(one)]:
        console.warn("! git would take along what holds people's addresses")
        console.warn(f"  → add to .gitignore: {', '.join(f'{one.name}*' for one in bare)}")
    console.say(
        'next: newsletter lists add SLUG --name … --from "Name <address>" '
        '--postal "…" --privacy-url https://…'
    )


def _git_would_take(file: Path) -> bool:
    """Say whether a file lies in a repository whose next `git add` would take it along."""
    folder = file.resolve().parent
    if not any((one / ".git").exists() for one in (folder, *folder.parents)):
        return False
    asked = ("git", "-C", str(folder), "check-ignore", "--quiet", file.name)
    try:
        # 1: not ignored; 128: git itself cannot say.
        return subprocess.run(asked, capture_output=True, check=False).returncode == 1  # noqa: S603
    except FileNotFoundError:
        return False


def doctor(
    received: Annotated[
        Path | None,
        typer.Option(
            "--received",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Look at a test that arrived instead.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look at settings, database, keys, lists, provider and senders' domains; exit 1 when ill."""
    if received is not None:
        from newsletter.sender_domains import check_received

        found = list(check_received(received.read_bytes()))
    else:
        from newsletter.doctor import examine

        with opened() as house:
            found = list(examine(house))
    if as_json:
        console.as_json(findings.rows(found))
    else:
        findings.show(found)
    if any(finding.severity == "error" for finding in found):
        raise typer.Exit(1)


def serve(
    host: str = "127.0.0.1",
    port: int = 8025,
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Send as well.")] = True,
) -> None:
    """Serve the public pages and, unless told otherwise, send what is due."""
    from newsletter.web.server import serve as start
    from newsletter.worker.local import run

    stop = stop_on_signal(ENDING)
    with opened() as house:
        handle = start(house, host=host, port=port)
        console.say(f"serving {house.settings.public_url} on http://{host}:{handle.port}")
        try:
            if worker:
                run(
                    house,
                    until_idle=False,
                    stop=stop,
                    rehearse=_rehearse,
                    on_outage=console.warn,
                )
            stop.wait()
        finally:
            handle.stop()


def worker(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End when nothing is pending or sending.")
    ] = False,
    fleet: Annotated[
        bool, typer.Option("--fleet", help="As one of many, on PostgreSQL: docs/how-to/fleet.md.")
    ] = False,
) -> None:
    """Send letters and issues that are due; stop with Ctrl-C, nothing is lost.

    At its end it says what came of each issue; with --until-idle also what the open ones wait for,
    and exit 1 when somebody in one failed or is in doubt.
    """
    from subscribers.database import now

    began = now()
    stop = stop_on_signal(ENDING)
    with opened() as house:
        if fleet:
            _fleet()(
                house,
                until_idle=until_idle,
                stop=stop,
                rehearse=_rehearse,
                on_outage=console.warn,
            )
        else:
            from newsletter.worker.local import run

            run(
                house,
                until_idle=until_idle,
                stop=stop,
                on_follow=lambda name: console.warn(f"{name} sends already; following it"),
                rehearse=_rehearse,
                on_outage=console.warn,
            )
        is_well = tell_outcomes(house, began)
        if until_idle:
            tell_waiting(house, began)
            if not is_well:
                raise typer.Exit(1)


def _fleet() -> "Callable[..., None]":
    """Return what runs a worker of a fleet; its library is an extra."""
    from newsletter.errors import SettingsError

    try:
        from newsletter.worker.fleet import run
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"a fleet needs {error.name}, which is not installed", "pip install 'broadsheet[fleet]'"
        ) from None
    return run


def _rehearse(house: "App", issue: "Issue", now: "datetime") -> None:
    # When it is time and not before: what doctor looks at costs memory that sending does not need.
    from newsletter.rehearsal import rehearse

    rehearse(house, issue, who="worker", now=now)


@db_app.command()
def upgrade() -> None:
    """Bring the database's schema to what this version needs."""
    from newsletter import schema
    from newsletter.settings import load

    schema.upgrade(load().database_url)
    console.say("the schema is up to date")


@db_app.command()
def check() -> None:
    """Say whether the schema is what this version needs; exit 2 when it is behind."""
    from newsletter import schema
    from newsletter.settings import load

    schema.check(load().database_url)
    console.say("the schema is up to date")


def stop_on_signal(saying: bytes = b"") -> threading.Event:
    """Return an event that is set once somebody asks this process to end, who is told `saying`."""
    stop = threading.Event()

    def end(*_: object) -> None:
        # Not by `console`: the signal may come while that is printing.
        os.write(2, b"" if stop.is_set() else saying)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return stop
