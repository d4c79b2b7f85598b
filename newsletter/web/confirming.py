"""Confirming: the button of the letter, and the question beside it (RULES U-3, L-1)."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from newsletter import letters
from newsletter.app import App
from newsletter.dispatcher import send_latest
from newsletter.models import LetterKind
from newsletter.publishing import letter_body
from newsletter.render.words import Words
from newsletter.web.forms import Sent
from newsletter.web.languages import words_of
from newsletter.web.letter_links import named
from newsletter.web.pages import page, tracking_question
from newsletter.web.security import visit
from subscribers import store
from subscribers.database import now
from subscribers.errors import LinkSpent, NotFound
from subscribers.models import (
    Consent,
    ConsentKind,
    List,
    Subscriber,
    Subscription,
    SubscriptionState,
)

router = APIRouter()


@router.api_route("/confirm/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> HTMLResponse:
    """Show the button; looking confirms nothing (RULES U-3)."""
    house: App = request.app.state.house
    with house.database.read() as session:
        _, subscription, list_ = _asked(request, session, token)
    words = words_of(request, list_)
    if subscription.state in (SubscriptionState.ACTIVE, SubscriptionState.PAUSED):
        return page("confirmed", words, list=list_)
    return page("confirm", words, list=list_, question=question_of(words, list_))


@router.post("/confirm/{token}")
def confirm(request: Request, token: str, sent: Sent) -> HTMLResponse:
    """Confirm; twice is harmless."""
    house: App = request.app.state.house
    moment = now()
    seen = visit(request, via="confirm", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        line, asked, list_ = _asked(request, session, token)
        words, was = words_of(request, list_), asked.state
        subscription = store.confirm(session, line.id, visit=seen, now=moment)
        if sent.get("tracking") and was != subscription.state:
            agree(session, words, list_, subscription.subscriber_id, seen, moment)
        if list_.welcome and was != subscription.state:
            _welcome(session, house, list_, subscription.subscriber_id, moment)
        if was != subscription.state:
            person = session.get_one(Subscriber, subscription.subscriber_id)
            send_latest(session, list_, person, limits=house.limits, who="confirmation", now=moment)
    return page("confirmed", words, list=list_)


def question_of(words: Words, list_: List) -> str:
    """Return what to ask beside the button, empty where nobody is counted by name (RULES L-1)."""
    return tracking_question(words, list_) if store.asks_for_tracking(list_) else ""


def agree(
    session: Session,
    words: Words,
    list_: List,
    subscriber_id: int,
    seen: store.Visit,
    moment: datetime,
) -> None:
    """Keep that somebody may be counted by name, with the words they agreed to."""
    if question := question_of(words, list_):
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


def _asked(request: Request, session: Session, token: str) -> tuple[Consent, Subscription, List]:
    """Return what a request is about; a page with a button that does nothing is never shown.

    A token of ours that is too old is spent, not lost.
    """
    house: App = request.app.state.house
    request_id, is_old = named(house.links.read_confirm, token)
    line = session.get(Consent, request_id)
    if line is None or line.kind != ConsentKind.ASKED:
        raise NotFound("there is no such request")
    list_ = session.get_one(List, line.list_id)
    # What there is to say against it is said in the list's language.
    words_of(request, list_)
    if is_old:
        raise LinkSpent("old", "this link is older than a week")
    subscription = session.get(Subscription, (line.list_id, line.subscriber_id))
    if subscription is None or subscription.request_id != request_id:
        raise LinkSpent("replaced", "this link was replaced or withdrawn")
    return line, subscription, list_
