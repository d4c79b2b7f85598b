"""Signing up and confirming: the same answer and the same work, whoever asks (RULES S-1…S-4)."""

import re
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from newsletter import letters
from newsletter.app import App
from newsletter.dispatcher import send_latest
from newsletter.errors import LinkInvalid
from newsletter.models import LetterKind
from newsletter.publishing import letter_body
from newsletter.web.forms import Sent
from newsletter.web.pages import message, not_found, page, tracking_question
from newsletter.web.security import client_address, visit
from subscribers import store
from subscribers.address import Address, parse
from subscribers.database import now
from subscribers.errors import AddressRefused, LinkSpent, NotFound
from subscribers.models import (
    Consent,
    ConsentKind,
    List,
    OptIn,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from subscribers.names import LONGEST, tidy

FASTEST = timedelta(seconds=2)
SLOWEST = timedelta(hours=24)
LONGEST_ADDRESS = 254
# What a form says to a page that stood open, or whose key is gone: bots learn nothing by it.
STALE = "This page stood open for long. Please press the button once more."
# Who lets a browser fill in the form is as fast as a machine, and must not be told of an email.
FAST = "That was quick. Please press the button once more."
# Some mail clients make a link of a bare "shop.example" too; the store takes out the others.
_BARE_LINK = re.compile(r"[\w-]{2,}\.[a-z]{2,}\b", re.IGNORECASE)

router = APIRouter()


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
    return _form(house, list_) if store.may_write(list_) else _not_yet(list_)


@router.post("/subscribe")
@router.post("/subscribe/{slug}")
def subscribe(request: Request, sent: Sent, slug: str = "") -> HTMLResponse:
    """Take a sign-up: subscription, evidence and letter in one transaction."""
    house: App = request.app.state.house
    moment = now()
    email, name = sent.get("email", "")[: LONGEST_ADDRESS * 2], sent.get("name", "")[:LONGEST]
    with house.database.read() as session:
        list_ = _public(session, slug)
    if list_ is None:
        return not_found()
    if not store.may_write(list_):
        return _not_yet(list_)
    age = _age(house, sent.get("shown", ""), moment)
    if age is None:
        # A form that stands elsewhere knows no time trap: it gets ours, with the address in it.
        return _form(house, list_, email=email, name=name, problem=STALE if "shown" in sent else "")
    if age < FASTEST.total_seconds() and not sent.get("website"):
        again = sent["shown"]
        return _form(house, list_, email=email, name=name, problem=FAST, shown=again)
    try:
        address = parse(email)
    except AddressRefused as error:
        return _form(house, list_, email=email, name=name, problem=str(error), status=422)
    if not sent.get("website"):
        with house.database.begin() as session:
            agreed = bool(sent.get("tracking"))
            name = clean_name(name)
            wait = _join(session, house, request, list_, address, name, moment, agreed=agreed)
        if wait is not None:
            return _full(wait)
    title = "Almost there" if list_.opt_in == OptIn.DOUBLE else "Thank you"
    return page("asked", status=202, title=title, list=list_)


def _not_yet(list_: List) -> HTMLResponse:
    """Say that nobody can be written to yet: a confirmation too needs a sender who is somewhere."""
    return message(
        503,
        "Not open yet",
        f"{list_.name} does not say yet where it is and what it does with addresses",
        "please come back later",
    )


def _full(wait: timedelta) -> HTMLResponse:
    """Say that too many sign up just now; nobody is lost unheard, and all are told the same."""
    span = "an hour" if wait >= timedelta(hours=1) else "a minute"
    answer = message(
        429,
        "Too many at once",
        "more people are signing up than we can write to",
        f"please try again in {span}: your address was not taken down",
    )
    answer.headers["Retry-After"] = str(int(wait.total_seconds()))
    return answer


@router.api_route("/confirm/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> HTMLResponse:
    """Show the button; looking confirms nothing (RULES U-3)."""
    house: App = request.app.state.house
    with house.database.read() as session:
        subscription = _asked(session, _request(house, token))
        list_ = session.get_one(List, subscription.list_id)
    if subscription.state in (SubscriptionState.ACTIVE, SubscriptionState.PAUSED):
        return page("confirmed", title="You are subscribed", list=list_)
    return page("confirm", title=f"Confirm {list_.name}", list=list_, question=_question(list_))


def _question(list_: List) -> str:
    """Return what to ask beside the button, empty where nobody is counted by name (RULES L-1)."""
    return tracking_question(list_) if store.asks_for_tracking(list_) else ""


@router.post("/confirm/{token}")
def confirm(request: Request, token: str, sent: Sent) -> HTMLResponse:
    """Confirm; twice is harmless."""
    house: App = request.app.state.house
    moment = now()
    seen = visit(request, via="confirm", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        request_id = _request(house, token)
        was = _asked(session, request_id).state
        subscription = store.confirm(session, request_id, visit=seen, now=moment)
        list_ = session.get_one(List, subscription.list_id)
        if sent.get("tracking") and was != subscription.state:
            _agree(session, list_, subscription.subscriber_id, seen, moment)
        if list_.welcome and was != subscription.state:
            _welcome(session, house, list_, subscription.subscriber_id, moment)
        if was != subscription.state:
            person = session.get_one(Subscriber, subscription.subscriber_id)
            send_latest(session, list_, person, limits=house.limits, who="confirmation", now=moment)
    return page("confirmed", title="You are subscribed", list=list_)


def _agree(
    session: Session, list_: List, subscriber_id: int, seen: store.Visit, moment: datetime
) -> None:
    """Keep that somebody may be counted by name, with the words they agreed to."""
    if question := _question(list_):
        store.set_tracking(
            session, list_.id, subscriber_id,
            allowed=True, wording=question, visit=seen, now=moment,
        )  # fmt: skip


def _welcome(
    session: Session, house: App, list_: List, subscriber_id: int, moment: datetime
) -> None:
    templates = house.settings.templates
    body = letter_body(session, list_, LetterKind.WELCOME, templates=templates)
    person = session.get_one(Subscriber, subscriber_id)
    letters.write(session, LetterKind.WELCOME, list_, person, body, now=moment)


def _asked(session: Session, request_id: int) -> Subscription:
    """Return what a request is about; a page with a button that does nothing is never shown."""
    line = session.get(Consent, request_id)
    if line is None or line.kind != ConsentKind.ASKED:
        raise NotFound("there is no such request")
    subscription = session.get(Subscription, (line.list_id, line.subscriber_id))
    if subscription is None or subscription.request_id != request_id:
        raise LinkSpent("this link was replaced or withdrawn", "sign up again for a new one")
    return subscription


def _request(house: App, token: str) -> int:
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
    *,
    agreed: bool,
) -> timedelta | None:
    """Take a sign-up down with its letter; return how long to wait where there are too many."""
    trusted = house.settings.trusted_proxies
    page_ = house.links.subscribe(list_.slug)
    most, ip = house.settings.signups_an_hour, client_address(request, trusted)
    wait = store.take_attempt(session, ip, most=most, now=moment)
    if wait is not None:
        return wait
    double = list_.opt_in == OptIn.DOUBLE
    kind = LetterKind.CONFIRM if double else LetterKind.WELCOME
    body = letter_body(session, list_, kind, templates=house.settings.templates)

    def write(person: Subscriber, asked: Consent | None) -> None:
        if double or list_.welcome:
            about = asked.id if asked else None
            letters.write(session, kind, list_, person, body, request_id=about, now=moment)
        if agreed and not double:
            _agree(session, list_, person.id, seen, moment)

    seen = visit(request, via="form", trusted=trusted, source=page_)
    store.sign_up(session, list_, address, visit=seen, now=moment, name=name, write=write)
    return None


def _age(house: App, shown: str, moment: datetime) -> float | None:
    """Return how many seconds ago a form was shown; None when it is not ours or a day old."""
    try:
        age = moment.timestamp() - house.links.read_form(shown)
    except LinkInvalid:
        return None
    return age if age <= SLOWEST.total_seconds() else None


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
    shown: str = "",
    status: int = 200,
) -> HTMLResponse:
    return page(
        "subscribe",
        status=status,
        title=f"Subscribe to {list_.name}",
        list=list_,
        # Who has to confirm is asked there, where it is surely they.
        question=_question(list_) if list_.opt_in == OptIn.SINGLE else "",
        wording=store.wording_of(list_),
        email=email,
        name=name,
        problem=problem,
        shown=shown or house.links.form_token(now()),
    )


def clean_name(written: str) -> str:
    """Return a stranger's name fit for a letter: tidy, and no address of a page in it."""
    name = tidy(written)
    return "" if _BARE_LINK.search(name) else name
