"""Counted links and the pixel, ahead of the framework: every answer costs so little (ENGINE §6).

`GET /c/<number>/<token>` leads on, `GET /o/<token>` is a picture of one point. The hit is written
to a file before it is answered; the database is asked only for an issue that is not at hand.
"""

import binascii
import logging
import time
from base64 import b64decode
from collections.abc import Sequence
from contextlib import suppress

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from newsletter.app import App
from newsletter.errors import LinkInvalid
from newsletter.hits import PIXEL, Counted, Hits, Targets
from newsletter.links import Reading
from newsletter.visitors import LONGEST_AGENT, Seen
from newsletter.web.pages import not_found
from newsletter.web.security import client_address
from subscribers.database import AWAY

# Always these very bytes, whoever asks and whatever for (RULES S-8).
GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
METHODS = ("GET", "HEAD")
_NEVER_KEPT = ((b"cache-control", b"no-store"), (b"x-robots-tag", b"noindex"))
_PICTURE = [
    (b"content-type", b"image/gif"),
    (b"content-length", str(len(GIF)).encode()),
    (b"cross-origin-resource-policy", b"cross-origin"),
    *_NEVER_KEPT,
]
_NAMES = {
    b"user-agent": "agent",
    b"purpose": "purpose",
    b"sec-purpose": "purpose",
    b"x-moz": "purpose",
    b"x-purpose": "purpose",
    b"sec-fetch-mode": "mode",
    b"sec-fetch-dest": "destination",
    b"accept-language": "language",
}

log = logging.getLogger("newsletter.web")


class Tracking:
    """ASGI middleware that answers what is counted and passes everything else on."""

    def __init__(self, app: ASGIApp, house: App, hits: Hits) -> None:
        """Wrap the next app; `hits` takes down what is answered."""
        self.app = app
        self._links = house.links
        self._trusted: Sequence[str] = house.settings.trusted_proxies
        self._targets = Targets(house.database, house.links)
        self._hits = hits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(("/c/", "/o/")):
            await self.app(scope, receive, send)
        elif scope["method"] not in METHODS:
            allowed = [(b"allow", b"GET, HEAD"), (b"content-length", b"0")]
            await _answer(send, scope, 405, allowed)
        elif scope["path"].startswith("/o/"):
            await self._open(scope, send)
        else:
            await self._click(scope, receive, send)

    async def _open(self, scope: Scope, send: Send) -> None:
        reading = self._read(scope["path"][3:])
        if reading is not None:
            # While the database is away it is a picture all the same: whether an issue that is not
            # at hand counts opens, nobody can say then.
            with suppress(*AWAY):
                counted = await self._counted(reading)
                if counted.opens:
                    self._take(scope, reading, PIXEL, counted)
        await _answer(send, scope, 200, _PICTURE, GIF)

    async def _click(self, scope: Scope, receive: Receive, send: Send) -> None:
        written, _, token = scope["path"][3:].partition("/")
        number = (
            int(written) if written.isascii() and written.isdecimal() and len(written) < 6 else 0
        )
        reading = self._read(token) if number else None
        counted = await self._counted(reading) if reading is not None else None
        target = counted.targets.get(number) if counted is not None else None
        if reading is None or counted is None or target is None:
            missing = await run_in_threadpool(not_found, Request(scope))
            await missing(scope, receive, send)
            return
        self._take(scope, reading, number, counted)
        headers = [
            (b"location", target.encode("ascii")),
            (b"content-length", b"0"),
            (b"referrer-policy", b"no-referrer"),
            *_NEVER_KEPT,
        ]
        await _answer(send, scope, 302, headers)

    def _read(self, token: str) -> Reading | None:
        try:
            return self._links.read_reading(token)
        except (LinkInvalid, binascii.Error):
            return None

    async def _counted(self, reading: Reading) -> Counted:
        at_hand = self._targets.at_hand(reading.issue_id)
        if at_hand is not None:
            return at_hand
        return await run_in_threadpool(self._targets.find, reading.issue_id)

    def _take(self, scope: Scope, reading: Reading, link: int, counted: Counted) -> None:
        told = {"agent": "", "purpose": "", "mode": "", "destination": "", "language": ""}
        for name, value in scope["headers"]:
            if name in _NAMES:
                told[_NAMES[name]] = value[:LONGEST_AGENT].decode("latin-1")
        seen = Seen(
            link == PIXEL,
            scope["method"],
            told["agent"],
            told["purpose"],
            told["mode"],
            told["destination"],
            told["language"],
        )
        client = scope.get("client")
        address = client[0] if client else ""
        if self._trusted:
            address = client_address(Request(scope), self._trusted)
        at = time.time_ns() // 1_000_000
        try:
            self._hits.take(seen, reading, link, counted, address=address, at=at)
        except OSError as error:
            # The reader is led on all the same.
            log.error("a hit could not be written down: %s", error.strerror or error)


async def _answer(
    send: Send,
    scope: Scope,
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes = b"",
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    body = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": body})
