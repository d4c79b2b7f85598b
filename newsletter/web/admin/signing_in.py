"""Signing in and out."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from newsletter import access
from newsletter.app import App
from newsletter.errors import SignInRefused
from newsletter.web.admin.guard import Door, Private, keep_session, session_key
from newsletter.web.forms import Sent
from newsletter.web.pages import fill
from newsletter.web.security import client_address
from subscribers.database import now

# Longer ones are no name of anybody's.
LONGEST_NAME = 100

router = APIRouter()


def login(request: Request) -> HTMLResponse:
    """Show the form."""
    return fill("admin/login", admin="", name="", problem="")


def enter(request: Request, sent: Sent) -> Response:
    """Let in who knows the password; the same answer whether or not somebody bears the name."""
    house: App = request.app.state.house
    name = sent.get("name", "").strip()[:LONGEST_NAME]
    ip = client_address(request, house.settings.trusted_proxies)
    try:
        key = access.sign_in(house.database, name, sent.get("password", ""), ip=ip, now=now())
    except SignInRefused as error:
        return _again(name, error)
    answer = RedirectResponse("/admin", 303)
    keep_session(request, answer, key)
    return answer


def leave(request: Request) -> RedirectResponse:
    """End this session."""
    house: App = request.app.state.house
    with house.database.begin() as session:
        access.sign_out(session, session_key(request))
    answer = RedirectResponse("/admin/login", 303)
    keep_session(request, answer, "")
    return answer


def _again(name: str, error: SignInRefused) -> HTMLResponse:
    if error.wait is None:
        problem = "Name or password is wrong."
        return fill("admin/login", status=403, admin="", name=name, problem=problem)
    seconds = int(error.wait.total_seconds()) + 1
    waiting = f"{seconds // 60} minutes" if seconds >= 120 else f"{seconds} seconds"
    problem = f"{str(error).capitalize()}. Wait {waiting}."
    answer = fill("admin/login", status=429, admin="", name=name, problem=problem)
    answer.headers["Retry-After"] = str(seconds)
    return answer


router.add_api_route("/admin/login", login, methods=["GET", "HEAD"], route_class_override=Door)
router.add_api_route("/admin/login", enter, methods=["POST"], route_class_override=Door)
router.add_api_route("/admin/logout", leave, methods=["POST"], route_class_override=Private)
