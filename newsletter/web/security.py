"""What every answer carries and every request is measured by."""

import ipaddress
import logging
import re
from collections.abc import Awaitable, Callable, Sequence

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from subscribers.store import Visit

LARGEST_BODY = 64 * 1024
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# The archive shows an author's HTML: styles stand in it, scripts and forms never run.
ARCHIVE_POLICY = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups "
    "allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
_TOKEN = re.compile(r"/(u|p|me|confirm)/[^ ?\"]+")


class Headers:
    """ASGI middleware: safe headers on every answer, and a limit on every body."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the next app."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", PAGE_POLICY)
                headers.setdefault("Cache-Control", "no-store")
                headers.setdefault("X-Robots-Tag", "noindex")
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Frame-Options"] = "DENY"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, _limited(receive), safely)


class BodyTooLarge(Exception):
    """The body is larger than any form of ours."""


def _limited(receive: Receive) -> Callable[[], Awaitable[Message]]:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY:
            raise BodyTooLarge
        return message

    return limited


def visit(request: Request, *, via: str, trusted: Sequence[str], source: str = "") -> Visit:
    """Return where a request came from, for the evidence it leaves."""
    return Visit(
        ip=client_address(request, trusted),
        user_agent=request.headers.get("user-agent", ""),
        source=source,
        via=via,
    )


def client_address(request: Request, trusted: Sequence[str]) -> str:
    """Return the visitor's address; X-Forwarded-For counts only from a trusted proxy."""
    direct = request.client.host if request.client else ""
    if direct not in trusted:
        return direct
    for written in reversed(request.headers.get("x-forwarded-for", "").split(",")):
        hop = written.strip()
        if hop in trusted:
            continue
        try:
            return str(ipaddress.ip_address(hop))
        except ValueError:
            return direct
    return direct


class Redacted(logging.Filter):
    """Takes the tokens out of an access log's lines (RULES S-18)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's arguments; every line is kept."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                _TOKEN.sub(r"/\1/…", part) if isinstance(part, str) else part
                for part in record.args
            )
        return True
