"""Leaving, and the footer's preferences: what a forwarded mail's token may do, and no more."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter import events, letters
from newsletter.app import App
from newsletter.links import NOBODY, Goodbye
from newsletter.models import Letter, LetterKind
from newsletter.publishing import letter_body
from newsletter.render.words import Words
from newsletter.web.forms import Sent
from newsletter.web.languages import words_of
from newsletter.web.pages import page
from newsletter.web.security import visit
from subscribers import store
from subscribers.database import now
from subscribers.errors import NotFound
from subscribers.models import List, Subscriber, Subscription, SubscriptionState

ONE_CLICK = "One-Click"
# So many fresh links go to one person in such a span, whoever presses the button.
FRESH_LINKS = ((timedelta(minutes=15), 1), (timedelta(days=1), 5))

ACTS = {
    "leave": store.unsubscribe,
    "undo": store.undo_unsubscribe,
    "pause": store.pause,
    "resume": store.resume,
}

router = APIRouter()


class OnlyATest(Exception):
    """The link came with a test of an issue and names nobody."""


@router.api_route("/u/{token}", methods=["GET", "HEAD"])
def look(request: Request, token: str) -> HTMLResponse:
    """Show the page with its button; looking changes nothing (RULES U-2)."""
    house: App = request.app.state.house
    with house.database.read() as session:
        _, subscription, list_ = opened(request, session, token)
    return _page(words_of(request, list_), token, subscription, list_)


@router.post("/u/{token}")
def leave(request: Request, token: str, sent: Sent) -> Response:
    """Leave at once: a mail client's one click, or the page's button (RULES U-1)."""
    house: App = request.app.state.house
    action = sent.get("action", "")
    via = "one-click" if sent.get("List-Unsubscribe") == ONE_CLICK else "page"
    if via == "page" and action not in ("leave", "undo"):
        return look(request, token)
    seen = visit(request, via=via, trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        names, _, list_ = opened(request, session, token)
        words = words_of(request, list_)
        act = "undo" if action == "undo" and via == "page" else "leave"
        subscription = _act(session, act, names, seen)
    if via == "one-click":
        return PlainTextResponse(words.say("goodbye.left", list=list_.name) + "\n")
    return _page(words, token, subscription, list_, just=action)


@router.api_route("/p/{token}", methods=["GET", "HEAD"])
def preferences(request: Request, token: str) -> HTMLResponse:
    """Show what can be chosen without proving who one is."""
    house: App = request.app.state.house
    with house.database.read() as session:
        _, subscription, list_ = opened(request, session, token)
        is_there = _is_there(session, subscription)
    words = words_of(request, list_)
    return _preferences(words, token, subscription, list_, is_there=is_there)


@router.post("/p/{token}")
def choose(request: Request, token: str, sent: Sent) -> HTMLResponse:
    """Leave, undo, pause, go on, be counted no more, or ask for a fresh link by letter."""
    action = sent.get("action", "")
    house: App = request.app.state.house
    seen = visit(request, via="preferences", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        names, subscription, list_ = opened(request, session, token)
        words = words_of(request, list_)
        if action in ACTS:
            subscription = _act(session, action, names, seen)
        elif action == "no-count":
            # Taking it back is for whoever holds the mail; saying yes is for the person alone.
            subscription = store.set_tracking(
                session, names.list_id, names.subscriber_id, allowed=False, visit=seen, now=now()
            )
        is_there = _is_there(session, subscription)
        if action == "fresh" and is_there:
            _fresh_link(session, house, list_, names.subscriber_id)
    return _preferences(words, token, subscription, list_, is_there=is_there, just=action)


def _act(session: Session, action: str, names: Goodbye, seen: store.Visit) -> Subscription:
    """Do what a button says, and let the issue's figures know of goodbyes."""
    moment = now()
    before = session.get_one(Subscription, (names.list_id, names.subscriber_id)).state
    subscription = ACTS[action](session, names.list_id, names.subscriber_id, visit=seen, now=moment)
    if action == "leave" and before != SubscriptionState.UNSUBSCRIBED:
        events.note_goodbye(session, names, now=moment)
    elif action == "undo":
        events.take_back_goodbye(session, names)
    return subscription


def _fresh_link(session: Session, house: App, list_: List, subscriber_id: int) -> None:
    # Locked, so that of two requests at the same instant the second sees the first's letter.
    person = session.get_one(Subscriber, subscriber_id, with_for_update={"key_share": True})
    for span, most in FRESH_LINKS:
        recent = select(func.count()).where(
            Letter.kind == LetterKind.FRESH_LINK,
            Letter.subscriber_id == subscriber_id,
            Letter.created_at > now() - span,
        )
        # Whoever got the mail forwarded must not be able to fill the reader's inbox.
        if session.scalars(recent).one() >= most:
            return
    templates = house.settings.templates
    body = letter_body(session, list_, LetterKind.FRESH_LINK, templates=templates)
    letters.write(session, LetterKind.FRESH_LINK, list_, person, body, now=now())


def opened(request: Request, session: Session, token: str) -> tuple[Goodbye, Subscription, List]:
    """Return what a footer's token names; raises LinkInvalid or NotFound, both the same page."""
    house: App = request.app.state.house
    names = house.links.read_goodbye(token)
    if names.subscriber_id == NOBODY:
        if (tested := session.get(List, names.list_id)) is not None:
            words_of(request, tested)
        raise OnlyATest
    subscription = session.get(Subscription, (names.list_id, names.subscriber_id))
    if subscription is None:
        raise NotFound("there is no such subscription")
    return names, subscription, session.get_one(List, names.list_id)


def _page(
    words: Words, token: str, subscription: Subscription, list_: List, *, just: str = ""
) -> HTMLResponse:
    left = subscription.state == SubscriptionState.UNSUBSCRIBED
    return page(
        "goodbye",
        words,
        list=list_,
        left=left,
        token=token,
        just=just,
        undoable=left and _is_undoable(subscription),
    )


def _preferences(
    words: Words,
    token: str,
    subscription: Subscription,
    list_: List,
    *,
    is_there: bool,
    just: str = "",
) -> HTMLResponse:
    return page(
        "preferences",
        words,
        list=list_,
        state=subscription.state,
        counted=bool(subscription.tracking_consent),
        token=token,
        just=just,
        undoable=_is_undoable(subscription),
        is_there=is_there,
    )


def _is_undoable(subscription: Subscription) -> bool:
    """Return whether a goodbye can be taken back: who was erased has no yes to go back to."""
    is_new = now() - subscription.changed_at <= store.UNDO_WITHIN
    return is_new and subscription.joined_at is not None


def _is_there(session: Session, subscription: Subscription) -> bool:
    """Return whether a letter can reach who a token names: who was erased has no address."""
    return session.get_one(Subscriber, subscription.subscriber_id).email is not None
