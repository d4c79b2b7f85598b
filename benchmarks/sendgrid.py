"""An issue of 60 KB through SendGrid's API, with its ledger, beside the bare official client.

    python -m benchmarks.sendgrid [--rounds N] [--people N] [--latency-people N]
                                  [--database sqlite|postgresql]

A server on this machine takes every request. The first two lines are CPU time, one thread each:
ours claims 1,000 people a call, seals their tokens, encodes the request and writes down what came
of it. Beside it the bare client builds the same dictionaries, a person's tokens and all, and posts
them (ENGINE §7); in the second line it posts dictionaries that it finds made, so that what our
people cost is compared with nothing (decision 0025). The third line is our rate by the clock with
eight calls in flight where each answer takes 50 ms, as a share of that where it takes none.
Prints a JSON line each; exit 1 when a target is missed.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sendgrid import SendGridAPIClient

from benchmarks import databases, pipeline
from benchmarks.measuring import Seconds, compare
from newsletter import issues, tracking
from newsletter.app import App
from newsletter.errors import Unmailable
from newsletter.links import Goodbye, Links
from newsletter.message import Envelope
from newsletter.models import Issue
from newsletter.providers.sendgrid_request import Request

SHARE, KEPT = 1.0, 0.8
ROUNDS = 31
PEOPLE = 20_000
LATENCY_PEOPLE = 80_000
CALL = 1000
IN_FLIGHT = 8
LATENCY = 0.05
KEY = "SG.no-secret"


class Issues:
    """Issues of one house, frozen when the clock stands, sent when it runs."""

    def __init__(self, app: App, threads: int) -> None:
        self._app = app
        self._threads = threads
        self._made = 0

    def send(self) -> tuple[Seconds, Seconds]:
        """Send one more issue; return the seconds on the clock and of CPU."""
        self._made += 1
        issue = pipeline.freeze(self._app, f"issue-{self._made}")
        return pipeline.drain(self._app, issue, self._threads)


def same_bodies(app: App, people: int) -> tuple[int, list[dict[str, Any]]]:
    """Return an issue's number, and the requests that it comes to, as dictionaries."""
    number = pipeline.freeze(app, "same")
    with app.database.begin() as session:
        row = session.get_one(Issue, number)
        email = issues.frozen_email(row)
        counted = issues.counting_of(row, app.links)
        issues.cancel(session, row, who="b", now=row.created_at)
    request = Request(
        tracking.address(email, app.links, list_slug="ledger", key="same", counted=counted)
    )
    sealed = app.links.seal_deliveries(number, range(1, people + 1))
    envelopes = [
        Envelope(
            address=f"reader{at}@readers.example",
            name=f"Reader {at}",
            token=token,
            values={"token": app.links.goodbye_token(Goodbye(1, at, number))},
        )
        for at, token in enumerate(sealed, 1)
    ]
    bodies = []
    for at in range(0, people, CALL):
        reference = app.links.seal_batch(number, at // CALL + 1, 1)
        rows = [
            row
            for row in request.rows(envelopes[at : at + CALL], reference)
            if not isinstance(row, Unmailable)
        ]
        bodies.append(json.loads(request.body(rows)))
    return number, bodies


def built_again(links: Links, issue: int, body: dict[str, Any], first: int) -> dict[str, Any]:
    """Build a request as a program does that knows addresses, names and its email."""
    pattern = body["personalizations"][0]
    reference = links.seal_batch(issue, first // CALL + 1, 1)
    numbers = range(first + 1, first + 1 + len(body["personalizations"]))
    tokens = links.goodbye_tokens(1, numbers, issue)
    deliveries = links.seal_deliveries(issue, numbers)
    people = []
    for known, token, delivery in zip(body["personalizations"], tokens, deliveries, strict=True):
        email, name = known["to"][0]["email"], known["to"][0]["name"]
        leave = f"<{pipeline.PUBLIC_URL}/u/{token}>"
        people.append(
            {
                "to": [{"email": email, "name": name}],
                "custom_args": {"d": delivery, "b": reference},
                "substitutions": {
                    tag: name if "name" in tag else token for tag in pattern["substitutions"]
                },
                "headers": {**pattern["headers"], "List-Unsubscribe": leave},
            }
        )
    return {**body, "personalizations": people}


def build_and_post(
    port: int, links: Links, issue: int, bodies: Sequence[dict[str, Any]]
) -> Seconds:
    """Build the requests and post them with the official client; return the seconds of CPU."""
    client = SendGridAPIClient(api_key=KEY, host=f"http://127.0.0.1:{port}").client
    begun = time.process_time()
    for at, body in enumerate(bodies):
        client.mail.send.post(request_body=built_again(links, issue, body, at * CALL))
    return time.process_time() - begun


def post_all(port: int, bodies: Sequence[dict[str, Any]]) -> Seconds:
    """Post the requests with the official client; return the seconds of CPU."""
    client = SendGridAPIClient(api_key=KEY, host=f"http://127.0.0.1:{port}").client
    begun = time.process_time()
    for body in bodies:
        client.mail.send.post(request_body=body)
    return time.process_time() - begun


def house(url: str, folder: str, port: int, people: int) -> App:
    """Open a house that sends to the server at this port."""
    return pipeline.house(url, Path(folder), people, **settings(port))


def settings(port: int) -> dict[str, Any]:
    """Return the settings of a house that sends to the server at this port."""
    return {
        "provider": "sendgrid",
        "sendgrid_api_key": KEY,
        "sendgrid_host": f"http://127.0.0.1:{port}",
        "batch_size": CALL,
    }


def beside_the_client(kind: str, people: int, rounds: int) -> bool:
    """Print the lines of CPU time, and return whether both targets are met."""
    sink = (sys.executable, "-m", "benchmarks.sendgrid_sink", "{port}")
    with (
        databases.urls(kind) as urls,
        tempfile.TemporaryDirectory() as folder,
        pipeline.listening(*sink) as port,
    ):
        app = house(urls[kind], folder, port, people)
        issue, bodies = same_bodies(app, people)
        if built_again(app.links, issue, bodies[-1], (len(bodies) - 1) * CALL) != bodies[-1]:
            raise RuntimeError("what is built is not what we send")
        ours = Issues(app, 1)
        name = (
            f"sendgrid, 60 KB, {people:,} people, {CALL:,} a call, {kind}: CPU, beside the client"
        )
        built, posted = (
            compare(
                f"{name} {how}",
                lambda: ours.send()[1],
                bare,
                target=SHARE,
                rounds=rounds,
                at_least=True,
            )
            for how, bare in (
                (
                    "that builds and posts",
                    lambda: build_and_post(port, app.links, issue, bodies),
                ),
                ("that posts", lambda: post_all(port, bodies)),
            )
        )
        app.database.close()
    print(built.as_json(), posted.as_json(), sep="\n", flush=True)
    return built.held and posted.held


def behind_a_latency(kind: str, people: int, rounds: int) -> bool:
    """Print the line of the rate, and return whether its target is met."""
    sink = (sys.executable, "-m", "benchmarks.sendgrid_sink", "{port}")
    with (
        databases.urls(kind) as near_urls,
        databases.urls(kind) as far_urls,
        tempfile.TemporaryDirectory() as near_folder,
        tempfile.TemporaryDirectory() as far_folder,
        pipeline.listening(*sink) as near_port,
        pipeline.listening(*sink, str(LATENCY)) as far_port,
    ):
        near = house(near_urls[kind], near_folder, near_port, people)
        far = house(far_urls[kind], far_folder, far_port, people)
        close, distant = Issues(near, IN_FLIGHT), Issues(far, IN_FLIGHT)
        ratio = compare(
            f"sendgrid, {people:,} people, {kind}, {IN_FLIGHT} calls in flight, 50 ms against 0: rate",
            lambda: distant.send()[0],
            lambda: close.send()[0],
            target=KEPT,
            rounds=rounds,
            at_least=True,
        )
        near.database.close()
        far.database.close()
    print(ratio.as_json(), flush=True)
    return ratio.held


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the lines and return an exit code."""
    parser = argparse.ArgumentParser(description="An issue through SendGrid's API.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--latency-people", type=int, default=LATENCY_PEOPLE)
    parser.add_argument("--database", choices=databases.KINDS, default="sqlite")
    told = parser.parse_args(arguments)
    held = beside_the_client(told.database, told.people, told.rounds)
    held &= behind_a_latency(told.database, told.latency_people, told.rounds)
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
