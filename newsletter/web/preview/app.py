"""The preview's few addresses: a page, the email in its frames, pictures, and a stream of changes.

Everything is read only, for this machine only, and shown to nobody who came by another name
(DNS rebinding). The email stands in a sandbox: no script, no form, an origin of its own (RULES
S-10).
"""

import asyncio
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from newsletter.resources import resource
from newsletter.web.looks import ICON
from newsletter.web.pages import fill
from newsletter.web.preview.desk import Desk
from newsletter.web.preview.inbox import framed, in_scheme
from newsletter.web.preview.sheet import sheet

HOSTS = ["127.0.0.1", "localhost"]
LOOK_SECONDS = 0.1
# Two schemes, and the one inbox that shows no pictures.
FRAMES = {"light": "light", "dark": "dark", "bare": "light"}
SAFE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
OURS = SAFE | {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def create_preview(desk: Desk) -> Starlette:
    """Return the page of one post, which follows each save for as long as it is open."""
    app = Starlette(
        routes=[
            Route("/", _page),
            Route("/frames/{frame}/{edition}", _frame),
            Route("/pictures/{name}", _picture),
            Route("/changes", _changes),
            Route("/preview.css", _style),
            Route("/preview.js", _script),
            Route("/icon.svg", _icon),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)],
    )
    app.state.desk = desk
    return app


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _page(request: Request) -> Response:
    desk = _desk(request)
    view = request.query_params.get("view", "")
    answer = fill("preview/page", **sheet(desk.post, desk.look(), view))
    answer.headers.update(OURS)
    return answer


def _frame(request: Request) -> Response:
    """Serve the email; the edition in the address is for the browser, which gets the newest."""
    frame = request.path_params["frame"]
    proof = _desk(request).look()
    if frame not in FRAMES or proof.email is None:
        return _missing()
    html = framed(in_scheme(proof.html, FRAMES[frame]))
    return HTMLResponse(html, headers=SAFE | _in_a_sandbox(pictures=frame != "bare"))


def _in_a_sandbox(*, pictures: bool) -> dict[str, str]:
    shown = "'self' http: https:" if pictures else "'none'"
    policy = (
        f"default-src 'none'; img-src {shown}; style-src 'unsafe-inline'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return {"Content-Security-Policy": policy}


def _picture(request: Request) -> Response:
    email = _desk(request).look().email
    assets = email.assets if email else ()
    for asset in assets:
        if asset.name == request.path_params["name"]:
            kept = SAFE | {"Cache-Control": "private, max-age=31536000, immutable"}
            return Response(asset.data, media_type=asset.media_type, headers=kept)
    return _missing()


async def _changes(request: Request) -> Response:
    return StreamingResponse(_names(_desk(request)), media_type="text/event-stream", headers=OURS)


async def _names(desk: Desk) -> AsyncIterator[str]:
    """Yield the name of each new proof, as server-sent events, until the desk closes."""
    told = ""
    while not desk.closed:
        name = (await run_in_threadpool(desk.look)).name
        if name != told:
            told = name
            yield f"retry: 500\ndata: {name}\n\n"
        await asyncio.sleep(LOOK_SECONDS)


def _style(_request: Request) -> Response:
    return Response(_text("preview.css"), media_type="text/css", headers=OURS)


def _script(_request: Request) -> Response:
    return Response(_text("preview.js"), media_type="text/javascript", headers=OURS)


def _icon(_request: Request) -> Response:
    drawn = ICON.format(ground="#1f4fd8", line="#ffffff")
    return Response(drawn, media_type="image/svg+xml", headers=OURS)


def _text(name: str) -> str:
    return resource("templates", "web", "preview", name).read_text(encoding="utf-8")


def _missing() -> Response:
    return PlainTextResponse("not found\n", 404, headers=OURS)
