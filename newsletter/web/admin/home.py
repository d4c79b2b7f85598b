"""Where an admin begins: the lists, and how many people may be mailed."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from newsletter import access
from newsletter.app import App
from newsletter.web.admin.guard import Private, session_key
from newsletter.web.pages import fill
from subscribers import store

router = APIRouter(route_class=Private)


@router.api_route("/admin", methods=["GET", "HEAD"])
def home(request: Request) -> HTMLResponse:
    """Show every list, the private ones too."""
    house: App = request.app.state.house
    with house.database.read() as session:
        rows = [(one, store.count_audience(session, one.id)) for one in store.lists(session)]
    form = access.form_key(session_key(request))
    return fill("admin/home", admin=request.state.admin, form=form, rows=rows)
