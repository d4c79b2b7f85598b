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
from newsletter.render.words import Words
from newsletter.web.languages import words_of
from newsletter.web.pages import not_found, page
from newsletter.web.security import ARCHIVE_POLICY
from subscribers.models import List

OPEN = {"Cache-Control": "public, max-age=300", "X-Robots-Tag": "all"}
READABLE = (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)

NOTE = (
    '<p lang="{}" dir="{}" style="margin:0;padding:8px 16px;background:#fff4ce;color:#1a1a1a;'
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
            return not_found(request)
        # Never whole issues: their HTML is not shown here.
        columns = (Issue.key, Issue.subject, Issue.started_at)
        rows = session.execute(_readable(slug, *columns).order_by(Issue.id.desc())).all()
    words, zone = words_of(request, list_), ZoneInfo(list_.time_zone)
    days = [(key, subject, at.astimezone(zone).date()) for key, subject, at in rows]
    shown = [(*one, words.day(one[2], time_zone=list_.time_zone)) for one in days]
    answer = page("archive", words, list=list_, issues=shown)
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
            return not_found(request)
        corrected, list_ = corrected_at(session, row), session.get_one(List, row.list_id)
    zone = ZoneInfo(list_.time_zone)
    email = tracking.sample(frozen_email(row), house.links, list_slug=slug, key=key)
    html = tracking.headed(
        email.html, "".join(_notes(words_of(request, list_), row, corrected, zone))
    )
    return HTMLResponse(html, headers=OPEN | {"Content-Security-Policy": ARCHIVE_POLICY})


@router.api_route("/m/{name}", methods=["GET", "HEAD"])
def picture(request: Request, name: str) -> Response:
    """Serve a picture under its hash, for ever the same."""
    house: App = request.app.state.house
    tag = f'"{name}"'
    with house.database.read() as session:
        found = session.get(StoredAsset, name)
    if found is None:
        return not_found(request)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": tag,
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    held = {one.strip().removeprefix("W/") for one in _held(request).split(",")}
    if held & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=found.media_type, headers=headers)


def _notes(words: Words, issue: Issue, corrected: datetime | None, zone: ZoneInfo) -> Iterator[str]:
    """Yield a dated note for a text that not everybody has, and for each link that leads elsewhere
    than it did when the issue went out.
    """

    def note(name: str, at: datetime, **values: str) -> str:
        said = words.say(name, day=f"{at.astimezone(zone):%Y-%m-%d}", **values)
        return NOTE.format(words.language, words.direction, escape(said, quote=False))

    if corrected is not None:
        yield note("archive.corrected", corrected)
    for link in links_of(issue):
        if link.changed_at:
            label = link.label or words.say("archive.link", number=link.number)
            yield note("archive.led", datetime.fromisoformat(link.changed_at), label=label)


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
