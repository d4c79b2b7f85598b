"""Letters written at random moments while a worker sends an issue: how long each waits.

    python -m benchmarks.letters [--seconds N] [--database sqlite|postgresql]
                                 [--provider smtp|sendgrid] [--rate N|0]

`newsletter worker` sends an issue of 60 KB to two hundred thousand people, as fast as it can or at
RATE recipients a second, into Postfix's `smtp-sink` or a server that answers SendGrid's API after
50 ms. Meanwhile this process writes rows of letters, some five a second, as a form does. Measured is
from before the row is written to the provider's acceptance, the 99th percentile in seconds. Prints
a JSON line for each way that is not told; exit 1 when one is over ten seconds.
"""

import argparse
import getpass
import itertools
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks import databases, pipeline, sendgrid
from newsletter import issues, letters
from newsletter.app import App
from newsletter.models import BatchState, Issue, IssueState, Letter, LetterKind
from newsletter.publishing import letter_body
from subscribers.models import List, Subscriber
from tests import parts

TARGET = 10.0
SECONDS = 40.0
PEOPLE = 200_000
RATE = 200.0
MEAN_GAP = 0.2
PATIENCE = 120.0
LATENCY = 0.05
PROVIDERS = ("smtp", "sendgrid")


def write(app: App, number: int) -> None:
    """Write one letter; its time counts from before the transaction."""
    now = datetime.now(UTC)
    with app.database.begin() as session:
        list_ = session.get_one(List, 1)
        body = letter_body(session, list_, LetterKind.WELCOME)
        letters.write(
            session, LetterKind.WELCOME, list_, session.get_one(Subscriber, number), body, now=now
        )


def submitted(app: App, issue: int) -> int:
    """Return how many recipients of the issue were submitted so far."""
    with app.database.read() as session:
        return issues.progress(session, session.get_one(Issue, issue)).submitted


def is_sending(app: App, issue: int) -> bool:
    """Return whether the issue is still on its way: letters after it would prove nothing."""
    with app.database.read() as session:
        return session.get_one(Issue, issue).state == IssueState.SENDING


def open_letters(app: App) -> int:
    """Return how many letters are not settled yet."""
    still = Letter.state.in_((BatchState.PENDING, BatchState.SENDING))
    with app.database.read() as session:
        return session.scalar(select(func.count()).select_from(Letter).where(still)) or 0


def waits(app: App) -> list[float]:
    """Return how many seconds each letter waited, ascending; fails when one was not accepted."""
    with app.database.read() as session:
        rows = session.execute(select(Letter.state, Letter.created_at, Letter.submitted_at)).all()
    if any(state != BatchState.SUBMITTED for state, _, _ in rows):
        raise RuntimeError(f"not all letters were accepted: { {state for state, _, _ in rows} }")
    return sorted((done - since).total_seconds() for _, since, done in rows if done)


def measure(app: App, environment: dict[str, str], seconds: float) -> dict[str, Any]:
    """Let a worker send, write letters meanwhile, and return what came of both."""
    issue = pipeline.schedule(app, "bulk")
    worker = subprocess.Popen([sys.executable, "-m", "newsletter", "worker"], env=environment)
    pause, dice = threading.Event(), random.Random(2026)  # noqa: S311 (no secret)
    try:
        while not submitted(app, issue):
            if worker.poll() is not None:
                raise RuntimeError("the worker ended")
            pause.wait(0.05)
        write(app, 1)
        begun, before = time.monotonic(), submitted(app, issue)
        for number in itertools.count(2):
            pause.wait(dice.expovariate(1 / MEAN_GAP))
            if time.monotonic() - begun > seconds or not is_sending(app, issue):
                break
            write(app, number)
        sent, took = submitted(app, issue) - before, time.monotonic() - begun
        end = time.monotonic() + PATIENCE
        while open_letters(app) and time.monotonic() < end:
            pause.wait(0.05)
    finally:
        worker.terminate()
        worker.wait(PATIENCE)
    found = waits(app)
    return {
        "letters": len(found),
        "p99_s": round(found[int(len(found) * 0.99)], 2),
        "median_s": round(found[len(found) // 2], 2),
        "most_s": round(found[-1], 2),
        "seconds": round(took),
        "bulk_a_second": round(sent / took),
    }


def way(provider: str, kind: str, rate: float, told: argparse.Namespace) -> bool:
    """Print the line of one way to send, and return whether it holds."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(databases.urls(kind))[kind]
        if provider == "smtp":
            sink = (str(told.sink), "-u", getpass.getuser(), "127.0.0.1:{port}", "100")
        else:
            sink = (sys.executable, "-m", "benchmarks.sendgrid_sink", "{port}", str(LATENCY))
        port = stack.enter_context(pipeline.listening(*sink))
        settings: dict[str, Any] = (
            {"provider": "smtp", "smtp_url": f"smtp://127.0.0.1:{port}?starttls=never"}
            if provider == "smtp"
            else sendgrid.settings(port)
        )
        if rate:
            settings["rate"] = rate
        app = pipeline.house(url, folder, told.people, **settings)
        environment = pipeline.environment(url, folder, **settings)
        found = measure(app, environment, told.seconds)
        app.database.close()
    pace = f"{rate:g} a second" if rate else "no limit"
    name = f"letters during an issue, {provider}, {kind}, {pace}: p99 seconds"
    print(json.dumps({"name": name, "target": TARGET, **found}), flush=True)
    return bool(found["p99_s"] <= TARGET)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the lines and return an exit code."""
    parser = argparse.ArgumentParser(description="How long letters wait while an issue is sent.")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--provider", choices=PROVIDERS, action="append")
    parser.add_argument("--rate", type=float, action="append")
    told = parser.parse_args(arguments)
    programs = parts.find("smtp-sink")
    if programs is None:
        print(f"no smtp-sink: {parts.PARTS['smtp-sink'].how}", file=sys.stderr)
        return 0
    told.sink = programs["smtp-sink"]
    ways = itertools.product(
        told.provider or PROVIDERS, told.database or databases.KINDS, told.rate or (0.0, RATE)
    )
    held = [way(provider, kind, rate, told) for provider, kind, rate in ways]
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())
