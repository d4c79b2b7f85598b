"""`newsletter demo`: the whole way on this machine, from a post to a goodbye.

Everything lies in one folder, made anew at each run: database, keys, outbox, rendered email.
"""

import csv
import shutil
import socket
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.request import Request, urlopen

import typer

from newsletter.cli import console
from newsletter.errors import NewsletterError, SettingsError

if TYPE_CHECKING:
    from newsletter.app import App
    from newsletter.models import Issue
    from newsletter.settings import Settings

PEOPLE = 1000
PORT = 8025
MARKER = ".made-by-newsletter-demo"
FIRST = [
    "Ada",
    "Bo",
    "Chidi",
    "Dagny",
    "Elif",
    "Farid",
    "Grace",
    "Hana",
    "Ivo",
    "Júlia",
    "Kofi",
    "Lena",
    "Mei",
    "Nils",
    "Olga",
    "Priya",
]
LAST = [
    "Adeyemi",
    "Berg",
    "Castro",
    "Dvořák",
    "Eriksen",
    "Fofana",
    "Gupta",
    "Haas",
    "Ito",
    "Jansen",
    "Kaya",
    "Lindqvist",
]


def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Stay up to look around.")] = False,
    folder: Annotated[Path, typer.Option("--folder", help="Where it all goes.")] = Path("demo"),
    people: Annotated[int, typer.Option("--people", min=1, help="How many.")] = PEOPLE,
) -> None:
    """Send a real issue to 1,000 made-up people, on this machine only, and let one leave."""
    from newsletter.app import build
    from newsletter.web.server import serve as start_web

    began = time.monotonic()
    folder = _fresh(folder)
    port = _free_port()
    app = build(_settings(folder, port))
    try:
        _make_list(app, folder, people)
        issue = _publish(app, folder)
        web = start_web(app, host="127.0.0.1", port=port)
        try:
            _leave(app, folder, issue)
            _report(app, folder, issue, time.monotonic() - began, serving=serve)
            if serve:
                console.say("\nStill serving; stop with Ctrl-C.")
                _wait_for_ctrl_c()
        finally:
            web.stop()
    finally:
        app.database.close()


def _fresh(folder: Path) -> Path:
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise SettingsError(
            f"{folder} holds something that no demo made", "name another with --folder"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARKER).touch()
    return folder


def _free_port() -> int:
    for wanted in (PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            port: int = probe.getsockname()[1]
            return port
    raise NewsletterError("no free port on 127.0.0.1", "close a program that listens")


def _settings(folder: Path, port: int) -> "Settings":
    from newsletter.settings import Settings

    # Nothing of this person's own settings may reach the demo, least of all a provider.
    return Settings.model_construct(
        **{name: field.get_default() for name, field in Settings.model_fields.items()}
        | {
            "database_url": f"sqlite:///{folder / 'newsletter.db'}",
            "outbox_dir": folder / "outbox",
            "public_url": f"http://127.0.0.1:{port}",
            "lists": {},
        }
    )


def _make_list(app: "App", folder: Path, people: int) -> None:
    from subscribers import store
    from subscribers.database import now
    from subscribers.transfer import import_csv

    console.say("1. A list, and its readers")
    with app.database.begin() as session:
        store.add_list(
            session,
            slug="ledger",
            name="The Monthly Ledger",
            sender_name="The Monthly Ledger",
            sender_address="editors@monthly-ledger.example",
            postal_address="The Monthly Ledger, 12 Quay Street, 20457 Hafenstadt",
            privacy_url="https://monthly-ledger.example/privacy/",
            site_url="https://monthly-ledger.example",
            now=now(),
        )
    rows = folder / "readers.csv"
    with rows.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["email", "name"])
        for number in range(1, people + 1):
            name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
            writer.writerow([f"reader{number:04}@readers.example", name])
    with console.progress("importing") as advance:
        report = import_csv(
            app.database,
            rows,
            "ledger",
            consent_text="made up for the demo; nobody is asked because nobody exists",
            progress=advance,
            now=now(),
        )
    console.say(f"  The Monthly Ledger has {report.added:,} readers.")


def _publish(app: "App", folder: Path) -> "Issue":
    from newsletter.issues import progress as count
    from newsletter.publishing import Audience, publication, publish_draft, schedule
    from newsletter.rehearsal import send_test
    from newsletter.sample import write_sample
    from newsletter.worker.local import run
    from subscribers import store
    from subscribers.database import now

    console.say("\n2. A post becomes an email")
    post = _example()
    who = console.who()
    with app.database.read() as session:
        masthead = store.find_list(session)
    del masthead, Audience, publish_draft, publication, schedule, send_test, write_sample, run
    del count, post, who, now
    raise NotImplementedError


def _example() -> Path:
    raise NotImplementedError


def _leave(app: "App", folder: Path, issue: "Issue") -> None:
    from newsletter.links import Links
    from subscribers import store

    console.say("\n4. One reader leaves")
    mail = sorted((folder / "outbox").rglob("*.eml"))[-1]
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    link = message["List-Unsubscribe"].strip("<>")
    token = link.rsplit("/", 1)[-1]
    goodbye = app.links.read_goodbye(token)
    del Links, store, goodbye, issue
    with urlopen(link, timeout=10) as answer:  # noqa: S310 (our own loopback address)
        console.say(f"  GET  {link[:60]}…  {answer.status}: a page with a button, nothing changed")
    body = Request(link, data=b"List-Unsubscribe=One-Click", method="POST")  # noqa: S310
    with urlopen(body, timeout=10) as answer:  # noqa: S310
        console.say(f"  POST {answer.status}")


def _report(app: "App", folder: Path, issue: "Issue", seconds: float, *, serving: bool) -> None:
    raise NotImplementedError


def _wait_for_ctrl_c() -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.say("stopped")
