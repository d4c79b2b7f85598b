"""Who may ask the API: the route itself lets nobody in without a token (RULES S-11)."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from newsletter import access
from newsletter.app import App
from newsletter.web.api.problems import Problem
from subscribers.database import now
from subscribers.errors import NotFound

REALM = 'Bearer realm="newsletter"'
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Guarded(APIRoute):
    """A route that looks at the token before anything else, the body included."""

    def get_route_handler(self) -> Handler:
        """Return the framework's handler, behind the door."""
        behind = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            request.state.holder = await run_in_threadpool(_admitted, request)
            return await behind(request)

        return guarded


def is_asked(request: Request) -> bool:
    """Return whether a request is to the API, and there is one: nothing is, without a token."""
    if not request.url.path.startswith("/api/"):
        return False
    house: App = request.app.state.house
    with house.database.read() as session:
        return access.has_tokens(session)


def require(request: Request, scope: access.Scope, mend: str) -> None:
    """Refuse who may not do that."""
    if not may(request, scope):
        told = f'{REALM}, error="insufficient_scope", scope="{scope}"'
        raise Problem(
            403,
            f"this token may not {access.MEANINGS[scope]}",
            headers={"WWW-Authenticate": told},
            mend=mend,
        )


def may(request: Request, scope: access.Scope) -> bool:
    """Return whether who asks may do that."""
    holder: access.Holder = request.state.holder
    return scope in holder.scopes


def _admitted(request: Request) -> access.Holder:
    """Return who asks; raises NotFound where there is no API, Problem for no token of ours."""
    house: App = request.app.state.house
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    moment = now()
    with house.database.read() as session:
        if not access.has_tokens(session):
            raise NotFound("there is no API here")
        held = access.holder_of(session, token.strip(), now=moment)
    if scheme.lower() != "bearer" or held is None:
        error = ', error="invalid_token"' if scheme else ""
        raise Problem(
            401,
            "this needs a token that opens: Authorization: Bearer newsletter_…",
            headers={"WWW-Authenticate": REALM + error},
            mend="newsletter admin token NAME makes one",
        )
    with house.database.begin() as session:
        used = access.use(session, held, now=moment)
    if isinstance(used, access.TooMany):
        seconds = int(used.wait.total_seconds()) + 1
        raise Problem(
            429,
            f"a token may ask {access.CALLS_A_MINUTE} times a minute",
            headers={"Retry-After": str(seconds)},
        )
    return used
