"""The web app: its routes, and what each error of ours is to a visitor."""

import logging

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from newsletter.app import App
from newsletter.errors import LinkInvalid
from newsletter.resources import resource
from newsletter.web import archive, goodbye, person, signup
from newsletter.web.pages import not_found, page
from newsletter.web.security import BodyTooLarge, Headers
from subscribers.errors import LinkSpent, NotFound

log = logging.getLogger("newsletter.web")


def create_app(house: App) -> FastAPI:
    """Return the public pages of a house; nothing is served that is not routed here."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.house = house
    for room in (signup, goodbye, person, archive):
        app.include_router(room.router)
    app.add_api_route("/style.css", _style, methods=["GET", "HEAD"])
    app.add_api_route("/healthz", _healthz, methods=["GET", "HEAD"])
    app.add_exception_handler(LinkInvalid, _missing)
    app.add_exception_handler(NotFound, _missing)
    app.add_exception_handler(LinkSpent, _spent)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(BodyTooLarge, _too_large)
    app.add_exception_handler(Exception, _defect)
    app.add_middleware(Headers)
    return app


def _style() -> FileResponse:
    return FileResponse(
        resource("templates", "web", "style.css"),
        media_type="text/css",
        headers={"Cache-Control": "max-age=3600"},
    )


def _healthz(request: Request) -> PlainTextResponse:
    with request.app.state.house.database.read() as session:
        session.connection().exec_driver_sql("SELECT 1")
    return PlainTextResponse("ok\n")


def _missing(_request: Request, _error: Exception) -> Response:
    return not_found()


def _spent(_request: Request, error: Exception) -> Response:
    mend = error.mend if isinstance(error, LinkSpent) else ""
    words = [f"{str(error).capitalize()}.", f"{mend.capitalize()}." if mend else ""]
    return page("message", status=410, title="This link does nothing any more", words=words)


def _http(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        allow = (error.headers or {}).get("Allow", "") if isinstance(error, HTTPException) else ""
        return PlainTextResponse("method not allowed\n", 405, {"Allow": allow} if allow else None)
    if status == 413:
        return _too_large(_request, error)
    return not_found()


def _too_large(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("too large\n", 413)


def _defect(request: Request, error: Exception) -> Response:
    log.error("a defect of ours at %s", request.url.path.split("/")[1], exc_info=error)
    words = ["Something went wrong on our side. Please try again in a while."]
    return page("message", status=500, title="Sorry", words=words)
