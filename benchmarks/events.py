"""SendGrid's events taken in, each once, beside the same rows put into SQLite by hand.

    python -m benchmarks.events [--rounds N]

The subject keeps posts of a thousand signed events as they came and reads them: parsed, told to
which delivery they belong, recorded unless known, acted on. The yardstick parses the same posts
and puts as many columns into a table of the same indexes, with the driver alone, a post at a
time. Each round is of new events, a tenth of which come twice.

The rate that is wanted, 40,000 a second, was set on a machine on which email-validator judges
30,000 addresses a second. In each round that is measured here too, and what is wanted is as many
events for each address. Prints a JSON line with both rates; exit 1 when a target is missed.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import orjson
from sqlalchemy import insert

from benchmarks.importing import judged
from benchmarks.measuring import Seconds, as_in_the_command, compare
from benchmarks.tracking import house
from newsletter import events, issues
from newsletter.app import App
from newsletter.message import Mailbox, RenderedEmail
from newsletter.models import Batch, BatchState, Delivery
from subscribers import store
from subscribers.models import Subscriber

# The ratio tells when we get slower; what is wanted is the rate.
TARGET = 2.5
RATE, ADDRESSES = 40_000, 30_000
JUDGED = 1_000
ROUNDS = 11
POSTS = 10
EVENTS = 1_000
PEOPLE = 5_000
BARE = """
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT, source_id TEXT, type TEXT, issue_id INTEGER,
    subscriber_id INTEGER, at TEXT, received_at TEXT, detail TEXT, link INTEGER, visitor TEXT,
    cause TEXT, UNIQUE (source, source_id)
);
CREATE INDEX by_delivery ON event (issue_id, subscriber_id);
"""


def mailed(app: App) -> int:
    """Write an issue that went to everybody; return its number."""
    now = datetime.now(UTC)
    with app.database.begin() as session:
        list_ = store.add_list(
            session, slug="l", name="L", sender_name="L", sender_address="l@site.example", now=now
        )
        people = range(1, PEOPLE + 1)
        session.execute(
            insert(Subscriber),
            [
                {
                    "id": one,
                    "email": f"{one}@x.example",
                    "email_key": f"{one}@x.example",
                    "created_at": now,
                }
                for one in people
            ],
        )
        email = RenderedEmail(Mailbox("l@site.example"), "S", html="", text="")
        issue = issues.draft(
            session, list_, key="k", source="k.md", title="K", email=email, who="b", now=now
        ).issue
        session.add(
            Batch(
                issue_id=issue.id, batch_no=1, lo=1, hi=PEOPLE, n=PEOPLE, state=BatchState.SUBMITTED
            )
        )
        session.flush()
        session.execute(
            insert(Delivery),
            [{"issue_id": issue.id, "subscriber_id": one, "batch_no": 1} for one in people],
        )
        return issue.id


def posts(tokens: Sequence[str]) -> list[bytes]:
    """Return posts of new events as SendGrid writes them, a tenth of them doubles."""
    made = []
    now = int(time.time())
    for _ in range(POSTS):
        fresh = [
            {
                "email": f"reader{at}@x.example",
                "timestamp": now,
                "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
                "event": ("processed", "delivered", "deferred")[at % 3],
                "sg_event_id": uuid.uuid4().hex[:22],
                "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
                "response": "250 2.0.0 OK 1764000000 d2e1a72fcca58-7e9ad9",
                "d": tokens[at % len(tokens)],
                "b": "qwertyuiopasdfghjklzxc",
            }
            for at in range(EVENTS * 9 // 10)
        ]
        made.append(orjson.dumps(fresh + fresh[: EVENTS // 10]) + b"\r\n")
    return made


def taking_in(app: App, rounds: Iterator[list[bytes]]) -> Callable[[], Seconds]:
    """Return the subject: keep a round of posts, then read them all."""

    def run() -> Seconds:
        bodies = next(rounds)
        begun = time.process_time()
        for body in bodies:
            with app.database.begin() as session:
                events.keep(session, "sendgrid", body, now=datetime.now(UTC))
        events.catch_up(app.database, app.links, now=datetime.now(UTC))
        return time.process_time() - begun

    return run


def by_hand(bare: sqlite3.Connection, rounds: Iterator[list[bytes]]) -> Callable[[], Seconds]:
    """Return the yardstick: the driver alone."""
    put = "INSERT OR IGNORE INTO event VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    def run() -> Seconds:
        bodies = next(rounds)
        begun = time.process_time()
        for body in bodies:
            bare.execute("BEGIN IMMEDIATE")
            bare.executemany(
                put,
                [
                    (
                        "sendgrid",
                        one["sg_event_id"],
                        one["event"],
                        1,
                        2,
                        "2026-11-24 12:00:00.000000",
                        "2026-11-24 12:00:00.000000",
                        one["response"],
                        None,
                        "",
                        "",
                    )
                    for one in orjson.loads(body)
                ],
            )
            bare.execute("COMMIT")
        return time.process_time() - begun

    return run


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratio and the rate, and return an exit code."""
    parser = argparse.ArgumentParser(description="Events taken in, beside rows put in by hand.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    number = parser.parse_args(arguments).rounds
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="events-")))
        app = house(folder)
        stack.callback(app.database.close)
        issue = mailed(app)
        tokens = app.links.seal_deliveries(issue, range(1, PEOPLE + 1))
        bare = stack.enter_context(
            closing(sqlite3.connect(folder / "bare.db", isolation_level=None))
        )
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.executescript(BARE)
        rounds = [posts(tokens) for _ in range(2 * (number + 1))]
        take_in = taking_in(app, iter(rounds[::2]))
        for_an_address: list[float] = []

        def beside_addresses() -> Seconds:
            _, each = judged([f"reader{at}@mail.example.org" for at in range(JUDGED)])
            seconds = take_in()
            for_an_address.append(POSTS * EVENTS * each / seconds)
            return seconds

        as_in_the_command()
        ratio = compare(
            "events",
            beside_addresses,
            by_hand(bare, iter(rounds[1::2])),
            target=TARGET,
            rounds=number,
        )
    rate = round(POSTS * EVENTS / ratio.subject_ms * 1000)
    events = round(statistics.median(for_an_address[1:]), 2)
    wanted = round(RATE / ADDRESSES, 2)
    told = {"events_a_second": rate, "events_an_address": events, "target_an_address": wanted}
    print(json.dumps(asdict(ratio) | told))
    return int(not ratio.held or events < wanted)


if __name__ == "__main__":
    sys.exit(main())
