"""The web app: its routes, and what each error of ours is to a visitor."""

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from newsletter.app import App
from newsletter.errors import LinkInvalid, SettingsError
from newsletter.hits import FOLDER, Hits
from newsletter.web import archive, goodbye, looks, person, signup, staying, webhooks
from newsletter.web.goodbye import OnlyATest
from newsletter.web.pages import message, not_found
from newsletter.web.security import BodyTooLarge, Headers, proxies
from newsletter.web.tracking import Tracking
from subscribers.errors import LinkSpent, NotFound

LIVE = "live"
ROOMS = (signup, goodbye, staying, person, archive, looks, webhooks)


def create_app(house: App, hits: Hits | None = None) -> FastAPI:
    """Return the public pages of a house; nothing is served that is not routed here.

    `hits` takes down who opened and clicked; without it they are written to the log and nobody
    judges them. Raises SettingsError for a trusted proxy or a scanner that is no network.
    """
    # Here, so that a misspelt setting stops the start and not a visitor.
    proxies(house.settings.trusted_proxies)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.house = house
    for room in ROOMS:
        app.include_router(room.router)
    app.add_api_route("/healthz", _healthz, methods=["GET", "HEAD"])
    app.add_exception_handler(LinkInvalid, _missing)
    app.add_exception_handler(NotFound, _missing)
    app.add_exception_handler(LinkSpent, _spent)
    app.add_exception_handler(OnlyATest, _only_a_test)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(BodyTooLarge, _too_large)
    app.add_middleware(Tracking, house=house, hits=hits or hits_of(house))
    app.add_middleware(Headers)
    return app


def hits_of(house: App) -> Hits:
    """Return what takes down the hits of this process; raises SettingsError for no network."""
    known = house.settings.scanner_networks
    try:
        return Hits(house.settings.state_folder / FOLDER, scanners=known)
    except ValueError as error:
        raise SettingsError(
            f"SCANNER_NETWORKS: {error}", "write networks, as 192.0.2.0/24"
        ) from None


def _healthz(request: Request) -> PlainTextResponse:
    with request.app.state.house.database.read() as session:
        session.connection().exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok\n")


def _missing(_request: Request, _error: Exception) -> Response:
    return not_found()


def _spent(_request: Request, error: Exception) -> Response:
    mend = error.mend if isinstance(error, LinkSpent) else ""
    return message(410, "This link does nothing any more", str(error), mend)


def _only_a_test(request: Request, _error: Exception) -> Response:
    answer = message(
        200,
        "This link came with a test",
        "it belongs to nobody, and pressing it changes nothing",
        "in the issue itself every reader has a link of their own",
    )
    house: App = request.app.state.house
    if nonce := request.query_params.get(LIVE, "")[:64]:
        # Our own worker asks, through the public address, before an issue goes.
        answer.headers[f"Newsletter-{LIVE}"] = house.links.live_token(nonce, house.instance)
    return answer


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        return PlainTextResponse("method not allowed\n", 405, {"Allow": _allowed(request)})
    return not_found()


def _allowed(request: Request) -> str:
    """Return every method of a path; the framework names those of its first route alone."""
    found: set[str] = set()
    for room in ROOMS:
        for route in room.router.routes:
            if isinstance(route, APIRoute) and route.matches(request.scope)[0] != Match.NONE:
                found |= route.methods or set()
    return ", ".join(sorted(found or {"GET", "HEAD"}))


def _too_large(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("too large\n", 413)
