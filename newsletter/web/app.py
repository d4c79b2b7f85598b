"""The web app: its routes, and what each error of ours is to a visitor."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from newsletter.app import App
from newsletter.errors import LinkInvalid, SettingsError
from newsletter.hits import FOLDER, Hits
from newsletter.web import (
    admin,
    api,
    archive,
    confirming,
    goodbye,
    looks,
    new_address,
    person,
    signup,
    staying,
    webhooks,
)
from newsletter.web.goodbye import OnlyATest
from newsletter.web.languages import Languages, words_at_hand
from newsletter.web.pages import message, not_found
from newsletter.web.security import BodyTooLarge, Headers, proxies
from newsletter.web.tracking import Tracking
from subscribers.errors import LinkSpent, NotFound, SegmentRefused

LIVE = "live"
# What is said of a link that does nothing any more, by why it does not; and what helps.
SPENT = {
    "hour": ("hour", "foot"),
    "late": ("late", "come_back"),
    "old": ("old", "sign_up"),
    "old_wish": ("old", "ask"),
    "replaced": ("replaced", "sign_up"),
    "taken": ("taken", "leave"),
    "unconfirmed": ("unconfirmed", "join"),
    "used": ("used",),
}
ROUTERS = (
    signup.router,
    confirming.router,
    goodbye.router,
    staying.router,
    person.router,
    new_address.router,
    archive.router,
    looks.router,
    webhooks.router,
    api.router,
    *admin.ROUTERS,
)


def create_app(house: App, hits: Hits | None = None) -> FastAPI:
    """Return the public pages of a house; nothing is served that is not routed here.

    `hits` takes down who opened and clicked; without it they are written to the log and nobody
    judges them. Raises SettingsError for a trusted proxy or a scanner that is no network.
    """
    # Here, so that a misspelt setting stops the start and not a visitor.
    proxies(house.settings.trusted_proxies)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.house, app.state.languages = house, Languages(house)
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/healthz", _healthz, methods=["GET", "HEAD"])
    app.add_exception_handler(LinkInvalid, _missing)
    app.add_exception_handler(NotFound, _missing)
    app.add_exception_handler(LinkSpent, _spent)
    app.add_exception_handler(OnlyATest, _only_a_test)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(api.Problem, _problem)
    app.add_exception_handler(SegmentRefused, _problem)
    app.add_exception_handler(RequestValidationError, _problem)
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


def _missing(request: Request, error: Exception) -> Response:
    return _problem(request, error) if api.is_asked(request) else not_found(request)


def _problem(_request: Request, error: Exception) -> Response:
    return api.answer(api.of_error(error))


def _spent(request: Request, error: Exception) -> Response:
    told = SPENT[error.why] if isinstance(error, LinkSpent) else ()
    sentences = (f"spent.{name}" for name in told)
    return message(words_at_hand(request), 410, "spent.title", *sentences)


def _only_a_test(request: Request, _error: Exception) -> Response:
    answer = message(words_at_hand(request), 200, "test.title", "test.nobody", "test.own")
    house: App = request.app.state.house
    if nonce := request.query_params.get(LIVE, "")[:64]:
        # Our own worker asks, through the public address, before an issue goes.
        answer.headers[f"Newsletter-{LIVE}"] = house.links.live_token(nonce, house.instance)
    return answer


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if isinstance(error.__cause__, BodyTooLarge):
        status = 413
    headers = {"Allow": _allowed(request)} if status == 405 else None
    if api.is_asked(request):
        said = HTTPStatus(status).phrase.lower()
        return api.answer(api.Problem(status, said, headers=headers))
    if status == 405 and not _is_hidden(request):
        return PlainTextResponse("method not allowed\n", 405, headers)
    return not_found(request)


def _is_hidden(request: Request) -> bool:
    """Return whether a path is to be as if nothing were there; the API was looked at before."""
    room = request.url.path.lstrip("/").partition("/")[0]
    return room == "api" or (room == "admin" and admin.is_shut(request))


def _allowed(request: Request) -> str:
    """Return every method of a path; the framework names those of its first route alone."""
    found: set[str] = set()
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.matches(request.scope)[0] != Match.NONE:
                found |= route.methods or set()
    return ", ".join(sorted(found or {"GET", "HEAD"}))


def _too_large(request: Request, _error: Exception) -> Response:
    if api.is_asked(request):
        return api.answer(api.Problem(413, "too large"))
    return PlainTextResponse("too large\n", 413)
