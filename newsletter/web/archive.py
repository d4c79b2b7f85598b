"""What everybody may read: the issues that went out, and their pictures."""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Select, select

from newsletter import tracking
from newsletter.app import App
from newsletter.issues import corrected_at, frozen_email, links_of
from newsletter.models import Issue, IssueState, StoredAsset
from newsletter.web.pages import not_found, page
from newsletter.web.security import ARCHIVE_POLICY
from subscribers.models import List

OPEN = {"Cache-Control": "public, max-age=300", "X-Robots-Tag": "all"}
READABLE = (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)

NOTE = (
    '<p lang="en" dir="ltr" style="margin:0;padding:8px 16px;background:#fff4ce;color:#1a1a1a;'
    'font:14px/20px sans-serif">{}</p>'
)

router = APIRouter()


@router.api_route("/archive/{slug}", methods=["GET", "HEAD"])
def issues(request: Request, slug: str) -> HTMLResponse:
    """List the issues of a public list, the newest first."""
    house: App = request.app.state.house
    with house.database.read() as session:
        list_ = session.scalar(select(List).where(List.slug == slug, List.public))
        if list_ is None:
            return not_found()
        # Never whole issues: their HTML is not shown here.
        columns = (Issue.key, Issue.subject, Issue.started_at)
        rows = session.execute(_readable(slug, *columns).order_by(Issue.id.desc())).all()
    zone = ZoneInfo(list_.time_zone)
    shown = [(key, subject, at.astimezone(zone).date()) for key, subject, at in rows]
    answer = page("archive", title=f"{list_.name}: past issues", list=list_, issues=shown)
    answer.headers.update(OPEN)
    return answer


@router.api_route("/archive/{slug}/{key}", methods=["GET", "HEAD"])
def issue(request: Request, slug: str, key: str) -> HTMLResponse:
    """Show an issue as it went out: original links, neutral values, no pixel.

    One whose text was amended on its way shows the last one, and says so.
    """
    house: App = request.app.state.house
    with house.database.read() as session:
        row = session.scalar(_readable(slug, Issue).where(Issue.key == key))
        if row is None:
            return not_found()
        corrected = corrected_at(session, row)
        zone = session.scalar(select(List.time_zone).where(List.id == row.list_id)) or "UTC"
    email = tracking.sample(frozen_email(row), house.links, list_slug=slug, key=key)
    html = tracking.headed(email.html, "".join(_notes(row, corrected, ZoneInfo(zone))))
    return HTMLResponse(html, headers=OPEN | {"Content-Security-Policy": ARCHIVE_POLICY})


@router.api_route("/m/{name}", methods=["GET", "HEAD"])
def picture(request: Request, name: str) -> Response:
    """Serve a picture under its hash, for ever the same."""
    house: App = request.app.state.house
    tag = f'"{name}"'
    with house.database.read() as session:
        found = session.get(StoredAsset, name)
    if found is None:
        return not_found()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": tag,
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    held = {one.strip().removeprefix("W/") for one in _held(request).split(",")}
    if held & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=found.media_type, headers=headers)


def _notes(issue: Issue, corrected: datetime | None, zone: ZoneInfo) -> Iterator[str]:
    """Yield a dated note for a text that not everybody has, and for each link that leads elsewhere
    than it did when the issue went out.
    """
    if corrected is not None:
        day = corrected.astimezone(zone)
        yield NOTE.format(f"Corrected on {day:%Y-%m-%d}: some readers have an earlier text.")
    for link in links_of(issue):
        if link.changed_at:
            day = datetime.fromisoformat(link.changed_at).astimezone(zone)
            words = escape(link.label or f"link {link.number}")
            yield NOTE.format(f"Corrected on {day:%Y-%m-%d}: “{words}” leads elsewhere now.")


def _held(request: Request) -> str:
    return ",".join(request.headers.getlist("if-none-match"))


def _readable(slug: str, *what: Any) -> Select[Any]:
    return (
        select(*what)
        .join(List, List.id == Issue.list_id)
        .where(List.slug == slug, List.public, Issue.state.in_(READABLE))
        # One that was paused before its first mail is nobody's yet.
        .where(Issue.started_at.is_not(None))
    )
