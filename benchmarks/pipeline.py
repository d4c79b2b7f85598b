"""The whole way of an issue for benchmarks: people in a ledger, claimed, composed, sent, written down.

An issue of 60 KB with the holes of the footer and a reader's name in it. The threads are those of
the worker: each claims a batch, and all of them share one scribe.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import text

from benchmarks.measuring import as_in_the_command
from newsletter import dispatcher, issues
from newsletter.app import App, build
from newsletter.digest.reader import read_post
from newsletter.dispatcher.scribe import Scribe
from newsletter.message import RenderedEmail
from newsletter.models import DeliveryState, Issue
from newsletter.publishing import SAMPLE
from newsletter.render.renderer import render_issue
from newsletter.settings import Settings
from newsletter.slots import hole
from subscribers import store
from subscribers.models import List

SIZE = 60 * 1024
KEY = "a key of a benchmark that is long enough"
EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "site" / "content" / "blog"
PUBLIC_URL = "https://news.example"
_PEOPLE = (
    "INSERT INTO subscriber (email, email_key, name, attributes, created_at) "
    "SELECT 'reader' || n || '@readers.example', 'reader' || n || '@readers.example', "
    "'Reader ' || n, '{}', :now FROM (WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL "
    "SELECT n + 1 FROM numbers WHERE n < :people) SELECT n FROM numbers) AS all_of_them"
)
_JOINED = (
    "INSERT INTO subscription (list_id, subscriber_id, state, changed_at) "
    "SELECT :list, id, 'active', :now FROM subscriber ORDER BY id"
)


def house(url: str, folder: Path, people: int, **settings: Any) -> App:
    """Open a house with a list of so many people, on an empty database with its schema."""
    app = build(
        Settings(
            database_url=url,
            secret_keys=(SecretStr(KEY),),
            state_dir=folder / "state",
            outbox_dir=folder / "outbox",
            public_url=PUBLIC_URL,
            **settings,
        )
    )
    now = datetime.now(UTC)
    with app.database.begin() as session:
        list_ = store.add_list(
            session,
            slug="ledger",
            name="The Monthly Ledger",
            sender_name="The Monthly Ledger",
            sender_address="editors@ledger.example",
            postal_address="12 Quay Street, Hafenstadt",
            privacy_url="https://ledger.example/privacy/",
            now=now,
        )
        session.execute(text(_PEOPLE), {"people": people, "now": now})
        session.execute(text(_JOINED), {"list": list_.id, "now": now})
    as_in_the_command()
    return app


def environment(url: str, folder: Path, **settings: Any) -> dict[str, str]:
    """Return the variables by which another process opens the same house."""
    told = {
        "database_url": url,
        "secret_keys": KEY,
        "state_dir": folder / "state",
        "outbox_dir": folder / "outbox",
        "public_url": PUBLIC_URL,
        **settings,
    }
    return os.environ | {f"NEWSLETTER_{name.upper()}": str(told[name]) for name in told}


@cache
def email() -> RenderedEmail:
    """Return an example's email, with the reader's name in it, drawn out to 60 KB."""
    rendered = render_issue(read_post(EXAMPLES / "2026-10-open-data"), SAMPLE).email
    more = SIZE - len(rendered.html) - len(rendered.text)
    words = "one more word of the story, " * max(0, more // 28)
    told = f"<p>Dear {hole('name', 'reader')}, {words}</p>"
    return replace(rendered, html=rendered.html.replace("</body>", f"{told}</body>"))


def schedule(app: App, key: str) -> int:
    """Draft an issue and schedule it for now; return its number."""
    now = datetime.now(UTC)
    with app.database.begin() as session:
        list_ = session.get_one(List, 1)
        made = issues.draft(
            session, list_, key=key, source=f"{key}.md", title=key, email=email(), who="b", now=now
        ).issue
        row = session.get_one(Issue, made.id)
        issues.schedule(session, row, who="b", now=now, no_test=True, first="0")
    return made.id


def freeze(app: App, key: str) -> int:
    """Schedule an issue and freeze its audience; return its number."""
    made = schedule(app, key)
    dispatcher.start_due(
        app.database,
        size=app.settings.batch_size,
        stepwise=bool(app.provider.at_once),
        who="b",
        now=datetime.now(UTC),
    )
    return made


def drain(app: App, issue: int, threads: int) -> tuple[float, float]:
    """Send a frozen issue with so many threads; return the seconds on the clock and of CPU."""
    scribe = Scribe(app.database)
    crew = [
        threading.Thread(target=_work, args=(app, scribe, f"b{number}"))
        for number in range(threads)
    ]
    clock, begun = time.perf_counter(), time.process_time()
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    took = time.perf_counter() - clock, time.process_time() - begun
    with app.database.read() as session:
        row = session.get_one(Issue, issue)
        seen = issues.progress(session, row)
        if (row.state, seen.submitted) != ("sent", seen.total):
            stuck = {str(state): getattr(seen, state) for state in DeliveryState}
            why = session.scalars(text("SELECT detail FROM batch")).first()
            raise RuntimeError(f"{row.key} is {row.state} {row.hold_reason}: {stuck} {why}")
    return took


def _work(app: App, scribe: Scribe, name: str) -> None:
    hand = dispatcher.Sender(app.database, app.links, app.provider, name=name, scribe=scribe)
    while hand.send_one():
        pass
    hand.close()


@contextmanager
def listening(*command: str) -> Iterator[int]:
    """Run a server, with its port in place of `{port}`, and give the port once it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [part.format(port=port) for part in command], stdout=subprocess.DEVNULL
    )
    try:
        while server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        if server.poll() is not None:
            print(f"{command[0]} ended", file=sys.stderr)
        yield port
    finally:
        server.terminate()
        server.wait(20)
