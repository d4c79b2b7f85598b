"""Signing up: the same answer and the same work, whoever asks (RULES S-1…S-4)."""

import re
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from newsletter import letters
from newsletter.app import App
from newsletter.errors import LinkInvalid
from newsletter.models import LetterKind
from newsletter.publishing import letter_body
from newsletter.render.words import Words
from newsletter.web.confirming import agree, question_of
from newsletter.web.forms import Sent
from newsletter.web.languages import words_for, words_of
from newsletter.web.pages import message, not_found, page, problem_of
from newsletter.web.security import client_address, visit
from subscribers import store
from subscribers.address import Address, parse
from subscribers.database import now
from subscribers.errors import AddressRefused
from subscribers.models import (
    Consent,
    List,
    OptIn,
    Subscriber,
)
from subscribers.names import LONGEST, tidy

FASTEST = timedelta(seconds=2)
SLOWEST = timedelta(hours=24)
LONGEST_ADDRESS = 254
# What a form says to a page that stood open, or whose key is gone: bots learn nothing by it.
STALE = "problem.stale"
# Who lets a browser fill in the form is as fast as a machine, and must not be told of an email.
FAST = "problem.fast"
# Some mail clients make a link of a bare "shop.example" too; the store takes out the others.
_BARE_LINK = re.compile(r"[\w-]{2,}\.[a-z]{2,}\b", re.IGNORECASE)

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def index(request: Request) -> HTMLResponse:
    """Show the public lists."""
    house: App = request.app.state.house
    with house.database.read() as session:
        lists = [list_ for list_ in store.lists(session) if list_.public]
    return page("index", words_for(request), lists=lists)


@router.api_route("/subscribe", methods=["GET", "HEAD"])
@router.api_route("/subscribe/{slug}", methods=["GET", "HEAD"])
def form(request: Request, slug: str = "") -> HTMLResponse:
    """Show the form; nothing is written."""
    house: App = request.app.state.house
    with house.database.read() as session:
        list_ = _public(session, slug)
    if list_ is None:
        return not_found(request)
    words = words_of(request, list_)
    return _form(house, words, list_) if store.may_write(list_) else _not_yet(words, list_)


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
        return not_found(request)
    words = words_of(request, list_)
    if not store.may_write(list_):
        return _not_yet(words, list_)
    age = _age(house, sent.get("shown", ""), moment)
    if age is None:
        # A form that stands elsewhere knows no time trap: it gets ours, with the address in it.
        problem = STALE if "shown" in sent else ""
        return _form(house, words, list_, email=email, name=name, problem=problem)
    if age < FASTEST.total_seconds() and not sent.get("website"):
        again = sent["shown"]
        return _form(house, words, list_, email=email, name=name, problem=FAST, shown=again)
    try:
        address = parse(email, smtputf8=house.settings.smtputf8)
    except AddressRefused:
        problem = problem_of(email)
        return _form(house, words, list_, email=email, name=name, problem=problem, status=422)
    if not sent.get("website"):
        with house.database.begin() as session:
            agreed = bool(sent.get("tracking"))
            name = clean_name(name)
            wait = _join(
                session, request, words, list_, address, name, moment, agreed=agreed
            )  # fmt: skip
        if wait is not None:
            return _full(words, wait)
    return page("asked", words, status=202, list=list_)


def _not_yet(words: Words, list_: List) -> HTMLResponse:
    """Say that nobody can be written to yet: a confirmation too needs a sender who is somewhere."""
    return message(words, 503, "closed.title", "closed.why", "closed.later", list=list_.name)


def _full(words: Words, wait: timedelta) -> HTMLResponse:
    """Say that too many sign up just now; nobody is lost unheard, and all are told the same."""
    again = "full.hour" if wait >= timedelta(hours=1) else "full.minute"
    answer = message(words, 429, "full.title", "full.why", again)
    answer.headers["Retry-After"] = str(int(wait.total_seconds()))
    return answer


def _join(
    session: Session,
    request: Request,
    words: Words,
    list_: List,
    address: Address,
    name: str,
    moment: datetime,
    *,
    agreed: bool,
) -> timedelta | None:
    """Take a sign-up down with its letter; return how long to wait where there are too many."""
    house: App = request.app.state.house
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
            agree(session, words, list_, person.id, seen, moment)

    seen = visit(request, via="form", trusted=trusted, source=page_)
    store.sign_up(
        session, list_, address, visit=seen, now=moment, name=name,
        wording=_wording(words, list_), write=write,
    )  # fmt: skip
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
    words: Words,
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
        words,
        status=status,
        list=list_,
        # Who has to confirm is asked there, where it is surely they.
        question=question_of(words, list_) if list_.opt_in == OptIn.SINGLE else "",
        wording=_wording(words, list_),
        email=email,
        name=name,
        problem=problem,
        shown=shown or house.links.form_token(now()),
    )


def _wording(words: Words, list_: List) -> str:
    """Return what people agree to by the form: the list's own words, or ours in its language."""
    return list_.consent_wording or words.say("form.wording", list=list_.name)


def clean_name(written: str) -> str:
    """Return a stranger's name fit for a letter: tidy, and no address of a page in it."""
    name = tidy(written)
    return "" if _BARE_LINK.search(name) else name
