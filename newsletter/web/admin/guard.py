"""Who may see the admin's pages: each route looks itself, before anything else (RULES S-9, S-11).

A form is taken only from a page of ours: a browser says where it was sent from (`Origin`), and the
form carries what only that session's pages know. Neither is enough alone: a browser may be old, and
a page of ours may one day show what somebody else wrote.
"""

import hmac
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from newsletter import access
from newsletter.app import App
from newsletter.web.forms import sent_in
from newsletter.web.pages import fill, not_found
from subscribers.database import now

COOKIE = "newsletter-admin"
# What the forms of a session carry.
FIELD = "form"
SAFE = frozenset({"GET", "HEAD"})
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Door(APIRoute):
    """The route of the form to sign in: for everybody, where there is an admin."""

    def get_route_handler(self) -> Handler:
        """Return the framework's handler, behind what every admin's route asks."""
        behind = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if await run_in_threadpool(is_shut, request):
                return await run_in_threadpool(not_found, request)
            refused = await run_in_threadpool(self.refused, request)
            if refused is None and request.method not in SAFE:
                refused = await self.forged(request)
            answer = refused or await behind(request)
            # Under `no-referrer` a browser says no Origin of its own pages either.
            answer.headers.setdefault("Referrer-Policy", "same-origin")
            return answer

        return guarded

    def refused(self, request: Request) -> Response | None:
        """Return why this one is not let in: the form is for everybody."""
        return None

    async def forged(self, request: Request) -> Response | None:
        """Return why a form is not taken."""
        house: App = request.app.state.house
        came_from, host = request.headers.get("origin", ""), request.headers.get("host", "")
        if access.is_ours(came_from, public_url=house.settings.public_url, host=host):
            return None
        return fill("admin/refused", status=403, admin="", home=house.links.admin)


class Private(Door):
    """A route for who is signed in, everybody else is asked to."""

    def refused(self, request: Request) -> Response | None:
        """Return the way to the form, for who has no session."""
        key, moment = session_key(request), now()
        house: App = request.app.state.house
        with house.database.read() as session:
            held = access.session_of(session, key, now=moment)
        if held is None:
            return RedirectResponse("/admin/login", 303)
        if access.is_seldom_seen(held[1], moment):
            with house.database.begin() as session:
                access.seen(session, key, now=moment)
        request.state.admin = held[0].name
        return None

    async def forged(self, request: Request) -> Response | None:
        """Return why a form is not taken: it is not of a page of this session."""
        refused = await super().forged(request)
        if refused is not None:
            return refused
        told = (await sent_in(request)).get(FIELD, "")
        mine = access.form_key(session_key(request))
        if hmac.compare_digest(told.encode(), mine.encode()):
            return None
        house: App = request.app.state.house
        return fill("admin/refused", status=403, admin="", home=house.links.admin)


def is_shut(request: Request) -> bool:
    """Return whether the admin's pages are not there: no admin, or no safe way to them."""
    house: App = request.app.state.house
    if not access.is_safe(house.settings.public_url):
        return True
    with house.database.read() as session:
        return not access.has_admins(session)


def session_key(request: Request) -> str:
    """Return what the session's cookie says."""
    return request.cookies.get(_cookie(request), "")


def keep_session(request: Request, answer: Response, key: str) -> None:
    """Let a browser keep a session's key, until it is closed; empty: no more."""
    answer.set_cookie(
        _cookie(request),
        key,
        max_age=None if key else 0,
        path="/",
        secure=_is_https(request),
        httponly=True,
        samesite="lax",
    )


def _cookie(request: Request) -> str:
    """Return the cookie's name: over https one that no other host or path can set (ENGINE §8)."""
    return f"__Host-{COOKIE}" if _is_https(request) else COOKIE


def _is_https(request: Request) -> bool:
    house: App = request.app.state.house
    return house.settings.public_url.startswith("https://")
