"""What every answer carries and every request is measured by."""

import ipaddress
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from sqlalchemy.exc import StatementError
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.errors import RenderError, SettingsError
from newsletter.render.templates import ENGLISH, template_set
from newsletter.web import pages
from newsletter.web.api.problems import Problem, answer
from newsletter.web.languages import words_at_hand
from subscribers.store import Visit

log = logging.getLogger("newsletter.web")

LARGEST_BODY = 64 * 1024
# SendGrid posts up to 768 KB at once (RULES WH-1).
LARGEST_REPORT = 2 * 1024 * 1024
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
# What an access log may show whole: everything else may be a link of somebody's, misspelt or not.
_OPEN = re.compile(r"/(?:healthz|(?:admin|api|archive|m|style|subscribe)(?:/[^?]*)?)?")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_DOORS = frozenset({"address", "u", "p", "c", "o", "me", "confirm", "stay"})


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
                headers.setdefault("Referrer-Policy", "no-referrer")
                headers["X-Frame-Options"] = "DENY"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
            await send(message)

        if "\0" in scope["path"]:
            # PostgreSQL has no such character: a question with one in it is an error there.
            missing = await run_in_threadpool(pages.not_found, Request(scope))
            await missing(scope, receive, safely)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await safely(message)

        try:
            await self.app(scope, _limited(receive, _largest(scope["path"])), watched)
        except ClientDisconnect:
            return
        except Exception as error:
            # Here and not in the framework's own handler: that one answers outside of us, without
            # these headers, and hands the error on to be logged a second time with its path.
            if isinstance(error, StatementError):
                # Its message would tell whose address it was about.
                error.hide_parameters = True
            log.error("a defect of ours at %s", shown_path(scope["path"]), exc_info=error)
            if started:
                raise
            await _sorry(Request(scope))(scope, receive, safely)


def _sorry(request: Request) -> Response:
    if request.url.path.startswith("/api/"):
        return answer(Problem(500, "a defect of ours; its log names it"))
    told = ("defect.title", "defect.ours", "defect.later")
    try:
        return pages.message(words_at_hand(request), 500, *told)
    except RenderError:
        # It may be the project's own words that are broken.
        return pages.message(template_set().words(ENGLISH), 500, *told)


class BodyTooLarge(Exception):
    """The body is larger than any form of ours."""


def _largest(path: str) -> int:
    return LARGEST_REPORT if path.startswith("/webhooks/") else LARGEST_BODY


def _limited(receive: Receive, largest: int) -> Callable[[], Awaitable[Message]]:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
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
    ours = proxies(tuple(trusted))
    if not _is_one_of(direct, ours):
        return direct
    # A proxy may add a line of its own below the one that the visitor made up.
    written_by_all = ",".join(request.headers.getlist("x-forwarded-for"))
    for written in reversed(written_by_all.split(",")):
        hop = written.strip()
        if _is_one_of(hop, ours):
            continue
        return hop if _address(hop) else direct
    return direct


@lru_cache(maxsize=8)
def proxies(trusted: tuple[str, ...]) -> tuple[Network, ...]:
    """Return the trusted proxies, addresses or networks; raises SettingsError for another word."""
    try:
        return tuple(ipaddress.ip_network(one, strict=False) for one in trusted)
    except ValueError as error:
        raise SettingsError(
            f"TRUSTED_PROXIES: {error}", "write addresses or networks, as 10.0.0.0/8"
        ) from None


def _is_one_of(written: str, networks: tuple[Network, ...]) -> bool:
    found = _address(written)
    return found is not None and any(found in network for network in networks)


def _address(written: str) -> Address | None:
    try:
        found = ipaddress.ip_address(written)
    except ValueError:
        return None
    # A dual-stack server sees an IPv4 proxy as ::ffff:10.0.0.1.
    return getattr(found, "ipv4_mapped", None) or found


def shown_path(path: str) -> str:
    """Return a path as a log may show it: no token, no query (RULES S-18)."""
    bare = path.partition("?")[0]
    if _OPEN.fullmatch(bare):
        return bare
    door = bare.split("/")[1] if bare.count("/") > 1 else ""
    return f"/{door}/…" if door in _DOORS else "/…"


class Redacted(logging.Filter):
    """Takes the tokens out of an access log's lines (RULES S-18)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's path; every line is kept."""
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, *rest = record.args
            record.args = (client, method, shown_path(str(path)), *rest)
        return True
