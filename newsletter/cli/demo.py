"""`newsletter demo`: the whole way on this machine, from a post to a goodbye.

Everything lies in one folder, made anew at each run: database, keys, outbox, rendered email.
"""

import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.cli import console, findings
from newsletter.cli.made_up import write_readers
from newsletter.errors import NewsletterError, SettingsError
from newsletter.resources import resource

if TYPE_CHECKING:
    from email.message import Message
    from urllib.request import Request

    from newsletter.app import App
    from newsletter.models import Issue
    from newsletter.settings import Settings

PEOPLE = 1000
PORT = 8025
POST = ("site", "content", "blog", "2026-10-open-data")
EDITOR = "editors@monthly-ledger.example"
MARKER = ".made-by-newsletter-demo"


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
            _leave(app, folder)
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
    import socket

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
        database_url=f"sqlite:///{folder / 'newsletter.db'}",
        outbox_dir=folder / "outbox",
        public_url=f"http://127.0.0.1:{port}",
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
            sender_address=EDITOR,
            postal_address="The Monthly Ledger, 12 Quay Street, 20457 Hafenstadt",
            privacy_url="https://monthly-ledger.example/privacy/",
            site_url="https://monthly-ledger.example",
            now=now(),
        )
    rows = folder / "readers.csv"
    write_readers(rows, people)
    with console.progress("importing", "bytes") as advance:
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
    from newsletter.cli.following import follow
    from newsletter.issues import draft, schedule
    from newsletter.publishing import masthead_of, publication
    from newsletter.rehearsal import send_test
    from newsletter.sample import write_sample
    from subscribers import store
    from subscribers.address import parse
    from subscribers.database import now

    console.say("\n2. A post becomes an email")
    who = console.who()
    with app.database.read() as session:
        masthead = masthead_of(store.find_list(session))
    post = resource("examples", *POST)
    seen = publication(post, masthead, now=now())
    files = write_sample(seen, folder / "email", public_url=app.settings.public_url)
    size = files[0].stat().st_size
    console.say(f"  “{seen.digest.title}”, {len(seen.digest.stories)} stories, {size:,} bytes")
    console.say(f"  Look at it: {files[0]}")
    console.say(f"  A check finds {findings.summary(seen.findings)}: newsletter check {post}")

    console.say("\n3. A test, then the issue")
    with app.database.begin() as session:
        issue = draft(
            session,
            store.find_list(session),
            key=seen.key,
            source=seen.source,
            title=seen.digest.title,
            email=seen.email,
            web_url=seen.digest.url or "",
            who=who,
            now=now(),
        ).issue
    number, _ = send_test(app, issue, [parse(EDITOR)], who=who, now=now())
    console.say(f"  [Test {number}] sent to {EDITOR}.")
    with app.database.begin() as session:
        schedule(session, session.merge(issue), who=who, now=now())
    follow(app, issue.id)
    return issue


def _leave(app: "App", folder: Path) -> None:
    from urllib.request import Request

    from subscribers import store
    from subscribers.models import Subscriber

    console.say("\n4. One reader leaves")
    mail = _a_mail(folder / "outbox")
    link = mail["List-Unsubscribe"].strip("<>")
    names = app.links.read_goodbye(link.rsplit("/", 1)[-1])
    before = _active(app)
    status = _open(Request(link))  # noqa: S310 (our own loopback address)
    if (status, _active(app)) != (200, before):
        raise NewsletterError(f"looking at {link} answered {status} and changed something")
    console.say(f"  GET  {link}")
    console.say(f"       {status}: a page with a button; still {before:,} readers")
    click = Request(link, data=b"List-Unsubscribe=One-Click", method="POST")  # noqa: S310
    status = _open(click)
    if (status, _active(app)) != (200, before - 1):
        raise NewsletterError(f"one click at {link} answered {status} and nobody left")
    console.say(f"  POST {status}: {mail['To']} has left with one click; {before - 1:,} readers")
    with app.database.read() as session:
        person = session.get_one(Subscriber, names.subscriber_id)
        for line in store.story(session, person.email_key or ""):
            console.say(f"       {line}")


def _a_mail(outbox: Path) -> "Message":
    from email import message_from_bytes, policy

    for file in sorted(outbox.rglob("*.eml")):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if not mail["Subject"].startswith("[Test"):
            return mail
    raise NewsletterError(f"there is no mail in {outbox}")


def _open(request: "Request") -> int:
    from urllib.request import urlopen

    with urlopen(request, timeout=10) as answer:  # noqa: S310 (our own loopback address)
        answer.read()
        status: int = answer.status
        return status


def _active(app: "App") -> int:
    from subscribers import store

    with app.database.read() as session:
        return store.count_audience(session, store.find_list(session).id)


def _report(app: "App", folder: Path, issue: "Issue", seconds: float, *, serving: bool) -> None:
    from newsletter.issues import progress

    with app.database.read() as session:
        seen = progress(session, issue)
    mails = sum(1 for _ in (folder / "outbox").rglob("*.eml"))
    console.say(f"\nDone in {seconds:.1f} s")
    console.table(
        ["submitted", "failed", "in doubt", "readers left", "files in the outbox"],
        [[seen.submitted, seen.failed, seen.in_doubt, 1, f"{mails} (one is the test)"]],
    )
    archive = app.links.archive(issue.list_slug, issue.key)
    console.say("\nNothing left this machine.\n")
    console.say(f"  the email     {folder / 'email' / 'email.html'}")
    console.say(f"  as text       {folder / 'email' / 'email.txt'}")
    console.say(f"  the outbox    {folder / 'outbox'}")
    console.say(f"  the archive   {archive}")
    if not serving:
        console.say(
            "                (up while `newsletter demo --serve` or `newsletter serve` runs)"
        )


def _wait_for_ctrl_c() -> None:
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
    console.say("stopped")
