"""A filter tried: whom it means, before anybody is mailed by it."""

import shlex
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from newsletter import access, segments
from newsletter.app import App
from newsletter.web.admin.guard import Private, session_key
from newsletter.web.forms import Sent
from newsletter.web.pages import fill
from subscribers import store
from subscribers.errors import SegmentRefused

router = APIRouter(route_class=Private)


@dataclass(frozen=True, slots=True)
class Marked:
    """A filter cut at the character that is wrong, counted from 1; `wrong` is empty at its end."""

    reason: str
    number: int
    before: str
    wrong: str
    after: str


@router.api_route("/admin/lists/{slug}/segment", methods=["GET", "HEAD"])
def form(request: Request, slug: str) -> HTMLResponse:
    """Show the form."""
    return _page(request, slug, None)


@router.post("/admin/lists/{slug}/segment")
def look(request: Request, slug: str, sent: Sent) -> HTMLResponse:
    """Show whom a filter means, or what is wrong with it and where."""
    # A browser sends each end of a line as two characters.
    return _page(request, slug, sent.get("filter", "").replace("\r\n", "\n"))


def _page(request: Request, slug: str, text: str | None) -> HTMLResponse:
    house: App = request.app.state.house
    found, wrong = None, None
    with house.database.read() as session:
        list_ = store.find_list(session, slug)
        if text is not None:
            try:
                found = segments.find(session, list_, text)
            except SegmentRefused as error:
                wrong = _marked(error)
    chosen = f" --segment {shlex.quote(text.strip())}" if text and text.strip() else ""
    return fill(
        "admin/segment",
        status=422 if wrong else 200,
        admin=request.state.admin,
        form=access.form_key(session_key(request)),
        list=list_,
        filter=text or "",
        found=found,
        wrong=wrong,
        command=f"newsletter send POST --list {list_.slug}{chosen}",
    )


def _marked(error: SegmentRefused) -> Marked:
    shown = "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in error.text)
    at = error.at
    return Marked(error.reason, at + 1, shown[:at], shown[at : at + 1].strip(), shown[at + 1 :])
