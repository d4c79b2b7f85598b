"""Signing up and confirming: the same answer and the same work, whoever asks (RULES S-1…S-4)."""

import re
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from newsletter import letters
from newsletter.app import App
from newsletter.errors import LinkInvalid
from newsletter.models import LetterKind
from newsletter.publishing import letter_body
from newsletter.web.pages import not_found, page
from newsletter.web.security import visit
from subscribers import store
from subscribers.address import Address, parse
from subscribers.database import now
from subscribers.errors import AddressRefused, LinkSpent
from subscribers.models import Consent, ConsentKind, List, Subscriber

FASTEST = timedelta(seconds=2)
SLOWEST = timedelta(hours=24)
PER_NETWORK = ((timedelta(minutes=1), 5), (timedelta(hours=1), 20))
EVERYBODY = (timedelta(hours=1), 100)
LONGEST_NAME = 100

router = APIRouter()
Field = Annotated[str, Form()]


@router.api_route("/", methods=["GET", "HEAD"])
def index(request: Request) -> HTMLResponse:
    """Show the public lists."""
    house: App = request.app.state.house
    with house.database.read() as session:
        lists = [list_ for list_ in store.lists(session) if list_.public]
    return page("index", title="Newsletters", lists=lists)


@router.api_route("/subscribe", methods=["GET", "HEAD"])
@router.api_route("/subscribe/{slug}", methods=["GET", "HEAD"])
def form(request: Request, slug: str = "") -> HTMLResponse:
    """Show the form; nothing is written."""
    house: App = request.app.state.house
    with house.database.read() as session:
        list_ = _public(session, slug)
    if list_ is None:
        return not_found()
    return _form(house, list_)


@router.post("/subscribe")
@router.post("/subscribe/{slug}")
def subscribe(
    request: Request,
    slug: str = "",
    email: Field = "",
    name: Field = "",
    website: Field = "",
    shown: Field = "",
) -> HTMLResponse:
    """Take a sign-up: subscription, evidence and letter in one transaction."""
    house: App = request.app.state.house
    moment = now()
    with house.database.read() as session:
        list_ = _public(session, slug)
    if list_ is None:
        return not_found()
    if not shown:
        # A form that stands elsewhere knows no time trap: it gets ours, with the address in it.
        return _form(house, list_, email=email[:254], name=name[:LONGEST_NAME])
    try:
        address = parse(email)
    except AddressRefused as error:
        return _form(house, list_, email=email[:254], name=name, problem=str(error), status=422)
    if not website and not _is_machine(house, shown, moment):
        with house.database.begin() as session:
            _join(session, house, request, list_, address, clean_name(name), moment)
    return page("asked", status=202, title="Almost there", list=list_)


@router.api_route("/confirm/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> HTMLResponse:
    """Show the button; looking confirms nothing (RULES U-3)."""
    house: App = request.app.state.house
    with house.database.read() as session:
        request_id = _request(house, session, token)
        line = session.get(Consent, request_id)
        if line is None or line.kind != ConsentKind.ASKED:
            return not_found()
        list_ = session.get_one(List, line.list_id)
    return page("confirm", title=f"Confirm {list_.name}", list=list_)


@router.post("/confirm/{token}")
def confirm(request: Request, token: str) -> HTMLResponse:
    """Confirm; twice is harmless."""
    house: App = request.app.state.house
    moment = now()
    seen = visit(request, via="confirm", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        request_id = _request(house, session, token)
        subscription = store.confirm(session, request_id, visit=seen, now=moment)
        list_ = session.get_one(List, subscription.list_id)
    return page("confirmed", title="Welcome", list=list_)


def _request(house: App, session: Session, token: str) -> int:
    """Return the request a token names; a token of ours that is too old is spent, not lost."""
    try:
        return house.links.read_confirm(token, now())
    except LinkInvalid:
        if house.links.is_old_confirm(token):
            raise LinkSpent(
                "this link is older than a week", "sign up again for a new one"
            ) from None
        raise


def _join(
    session: Session,
    house: App,
    request: Request,
    list_: List,
    address: Address,
    name: str,
    moment: datetime,
) -> None:
    page_ = house.links.subscribe(list_.slug)
    trusted = house.settings.trusted_proxies
    seen = visit(request, via="form", trusted=trusted, source=page_)
    for span, most in PER_NETWORK:
        if store.recent_requests(session, seen.ip, moment - span) >= most:
            return
    if store.all_requests(session, moment - EVERYBODY[0]) >= EVERYBODY[1]:
        return
    # Rendered for everybody, so that the time taken does not tell who is known (RULES S-1).
    body = letter_body(session, list_, LetterKind.CONFIRM)
    joined = store.sign_up(session, list_, address, visit=seen, now=moment, name=name)
    if joined.request is not None:
        letters.write(
            session,
            LetterKind.CONFIRM,
            list_,
            session.get_one(Subscriber, joined.subscriber.id),
            body,
            request_id=joined.request.id,
            now=moment,
        )


def _is_machine(house: App, shown: str, moment: datetime) -> bool:
    """Say whether a form came back faster than a person types, or a day late (RULES S-3)."""
    try:
        age = moment.timestamp() - house.links.read_form(shown)
    except LinkInvalid:
        return True
    return not FASTEST.total_seconds() <= age <= SLOWEST.total_seconds()


def _public(session: Session, slug: str) -> List | None:
    lists = [list_ for list_ in store.lists(session) if list_.public]
    if not slug:
        return lists[0] if len(lists) == 1 else None
    return next((list_ for list_ in lists if list_.slug == slug), None)


def _form(
    house: App,
    list_: List,
    *,
    email: str = "",
    name: str = "",
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    return page(
        "subscribe",
        status=status,
        title=f"Subscribe to {list_.name}",
        list=list_,
        email=email,
        name=name,
        problem=problem,
        shown=house.links.form_token(now()),
    )


def clean_name(written: str) -> str:
    """Return a name fit for a letter: printable, short, and no address of a page in it."""
    plain = " ".join("".join(char for char in written if char.isprintable()).split())
    if re.search(r"https?:|www\.|[\w-]\.[a-z]{2,}\b", plain, re.IGNORECASE):
        return ""
    return plain[:LONGEST_NAME]
