"""Composing a message of 64 KB for each recipient, beside copying as many bytes.

    python -m benchmarks.compose [--rounds N] [--messages N]

Both fill memory that was not used before, as a sender does whose messages wait for their
connections: it is given back to the system before each run. The message is an example of ours as
it leaves (text and HTML, quoted-printable, the headers of a list), drawn out to 64 KB: once counted
for all readers together, so that the only holes are those of the footer, and once by name, with a
hole in each link. Prints a JSON line each; exit 1 when a target is missed.
"""

import argparse
import ctypes
import gc
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.measuring import Seconds, compare
from newsletter import issues, tracking
from newsletter.compose import Composer
from newsletter.digest.reader import read_post
from newsletter.keys import KeyRing
from newsletter.links import Goodbye, Links, Reading
from newsletter.message import Envelope, RenderedEmail
from newsletter.publishing import SAMPLE
from newsletter.render.renderer import render_issue
from newsletter.slots import cut, slot

TARGET = 0.7
ROUNDS = 41
SIZE = 64 * 1024
MESSAGES = 400
ISSUE = 7
EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "site" / "content" / "blog"
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
LINKS = Links("https://news.example", KeyRing(["no secret: these tokens are thrown away"]))


def addressed(mode: str) -> RenderedEmail:
    """Return an issue's email of at least 64 KB, once composed, counted as `mode` says."""
    rendered = render_issue(read_post(EXAMPLES / "2026-10-open-data"), SAMPLE).email
    email = replace(
        rendered,
        headers=(
            ("List-Id", "Sample list <sample.newsletter.example>"),
            ("List-Archive", f"<{slot('archive')}>"),
            ("Precedence", "bulk"),
            ("Feedback-ID", "october:sample:issue:broadsheet"),
            *issues.GOODBYE_HEADERS,
        ),
    )
    counted = tracking.counting(LINKS, ISSUE, clicks=mode, opens=mode, in_text=mode == "individual")
    found = tracking.address(email, LINKS, list_slug="sample", key="october", counted=counted)
    more = SIZE - len(Composer(found, domain="newsletter.example").message(people(1)[0], date=NOW))
    words = ("one more word of the story, " * (more // 28 + 1))[: max(0, more)]
    return replace(found, html=found.html.replace("</body>", f"<p>{words}</p></body>"))


def people(count: int) -> list[Envelope]:
    """Return so many envelopes, as the dispatcher makes them."""
    sealed = LINKS.seal_deliveries(ISSUE, range(1, count + 1))
    return [
        Envelope(
            address=f"reader{number}@example.org",
            name=f"Reader {number}",
            token=name,
            values={
                "token": LINKS.goodbye_token(Goodbye(1, number, ISSUE)),
                tracking.READING: LINKS.reading_token(Reading(ISSUE, number)),
            },
        )
        for number, name in enumerate(sealed, 1)
    ]


def filling(make: Callable[[Envelope], bytes], recipients: Sequence[Envelope]) -> Seconds:
    """Return the CPU seconds that making all messages takes, in memory that is new."""
    gc.collect()
    _give_back()
    kept: list[bytes] = []
    begun = time.process_time()
    for one in recipients:
        kept.append(make(one))
    return time.process_time() - begun


def _copy(source: memoryview, _: Envelope) -> bytes:
    return bytes(source)


def _give_back() -> None:
    """Give all free memory back to the system, where its allocator keeps some (glibc's does)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios and return an exit code."""
    parser = argparse.ArgumentParser(description="Composing 64 KB beside copying as many bytes.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    given = parser.parse_args(arguments)
    recipients = people(given.messages)
    missed = False
    for mode in ("aggregate", "individual"):
        email = addressed(mode)
        message = partial(Composer(email, domain="newsletter.example").message, date=NOW)
        source = memoryview(message(recipients[0]))
        holes = sum(len(cut(part)) // 2 for part in (email.html, email.text))
        ratio = compare(
            f"compose, {len(source) // 1024} KB, {holes} holes",
            partial(filling, message, recipients),
            partial(filling, partial(_copy, source), recipients),
            target=TARGET,
            rounds=given.rounds,
            at_least=True,
        )
        print(ratio.as_json(), flush=True)
        missed |= not ratio.held
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
