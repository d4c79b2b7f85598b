"""A person's own page, reached by a fresh link only: name, lists, a copy of all, erasure."""

from datetime import datetime

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import letters
from newsletter.app import App
from newsletter.errors import LinkInvalid
from newsletter.models import LetterKind
from newsletter.publishing import letter_body
from newsletter.render.words import Words
from newsletter.rights import erase_person, person_record
from newsletter.web.forms import Sent
from newsletter.web.languages import words_for, words_of
from newsletter.web.letter_links import named
from newsletter.web.pages import page, problem_of, tracking_question
from newsletter.web.security import visit
from subscribers import store
from subscribers.address import LONGEST, parse
from subscribers.database import now
from subscribers.errors import AddressRefused, LinkSpent
from subscribers.models import List, Subscriber, Subscription, SubscriptionState
from subscribers.names import tidy
from subscribers.store import Visit

router = APIRouter()


@router.api_route("/me/{token}", methods=["GET", "HEAD"])
def look(request: Request, token: str) -> HTMLResponse:
    """Show the person's name and subscriptions."""
    house: App = request.app.state.house
    with house.database.read() as session:
        person, words = _person(request, session, token)
        return _page(session, words, token, person)


@router.api_route("/me/{token}/copy", methods=["GET", "HEAD"])
def copy(request: Request, token: str) -> Response:
    """Give a copy of everything known of the person, as a file (GDPR Art. 15, 20)."""
    house: App = request.app.state.house
    with house.database.read() as session:
        record = person_record(session, _person(request, session, token)[0])
    named = {"Content-Disposition": 'attachment; filename="everything-about-me.json"'}
    data = orjson.dumps(record, option=orjson.OPT_INDENT_2)
    return Response(data, media_type="application/json", headers=named)


@router.post("/me/{token}/erase")
def erase(request: Request, token: str) -> HTMLResponse:
    """Erase everything known of the person (GDPR Art. 17)."""
    house: App = request.app.state.house
    with house.database.read() as session:
        person, words = _person(request, session, token)
        person_id = person.id
    erase_person(
        house.database,
        house.links,
        person_id,
        outbox=house.settings.outbox_dir,
        actor="self",
        now=now(),
    )
    return page("erased", words)


@router.post("/me/{token}")
def change(request: Request, token: str, sent: Sent) -> HTMLResponse:
    """Correct name or address, or leave, pause or resume a list, or all, or be counted or not."""
    action, list_id = sent.get("action", ""), sent.get("list_id", "")
    house: App = request.app.state.house
    moment = now()
    seen = visit(request, via="own page", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        person, words = _person(request, session, token)
        if action == "erase":
            return page("erase", words, person=person, token=token)
        if action == "address":
            return _readdress(session, house, words, token, person, sent.get("email", ""), seen)
        mine = {str(row.list_id): list_ for row, list_ in subscriptions_of(session, person.id)}
        if action == "name":
            person.name = tidy(sent.get("name", ""))
            store.note_change(session, person, "name", visit=seen, now=moment)
        elif action == "leave-all":
            for one in sorted(list_.id for list_ in mine.values()):
                store.unsubscribe(session, one, person.id, visit=seen, now=moment)
        elif list_id in mine:
            _act(session, words, action, mine[list_id], person.id, seen, moment)
        session.flush()
        return _page(session, words, token, person, done="saved" if action else "")


def _act(
    session: Session,
    words: Words,
    action: str,
    list_: List,
    person_id: int,
    seen: Visit,
    moment: datetime,
) -> None:
    """Do what a button says about one list; a word that no button has does nothing."""
    acts = {"leave": store.unsubscribe, "pause": store.pause, "resume": store.resume}
    if action in acts:
        acts[action](session, list_.id, person_id, visit=seen, now=moment)
    elif action in ("count", "no-count"):
        store.set_tracking(
            session,
            list_.id,
            person_id,
            allowed=action == "count",
            wording=tracking_question(words, list_),
            visit=seen,
            now=moment,
        )


def _readdress(
    session: Session,
    house: App,
    words: Words,
    token: str,
    person: Subscriber,
    typed: str,
    seen: Visit,
) -> HTMLResponse:
    """Send a letter to the address that the person wants; nothing changes before its answer."""
    moment = now()
    try:
        address = parse(typed[: LONGEST * 2], smtputf8=house.settings.smtputf8)
    except AddressRefused:
        return _page(session, words, token, person, typed=typed, problem=problem_of(typed))
    if address.key == person.email_key:
        # The same mailbox in other letters: there is nobody to ask.
        person.email = address.email
        store.note_change(session, person, "address", visit=seen, now=moment)
        return _page(session, words, token, person, done="saved")
    wish = store.ask_to_move(session, person, address, now=moment)
    if wish is not None:
        list_ = speaking_for(subscriptions_of(session, person.id))
        templates = house.settings.templates
        body = letter_body(session, list_, LetterKind.NEW_ADDRESS, templates=templates)
        letters.write(
            session, LetterKind.NEW_ADDRESS, list_, person, body, change_id=wish.id, now=moment
        )
    return _page(session, words, token, person, done="asked", typed=address.email)


def _person(request: Request, session: Session, token: str) -> tuple[Subscriber, Words]:
    """Return whom a fresh link names, and the words their page is in; a spent one says so."""
    house: App = request.app.state.house
    number, is_old = named(house.links.read_fresh, token)
    person = session.get(Subscriber, number)
    words = words_to(request, session, number)
    if is_old:
        raise LinkSpent("hour", "this link worked for one hour")
    if person is None or person.email is None:
        raise LinkInvalid("there is no such person")
    return person, words


def words_to(request: Request, session: Session, person_id: int) -> Words:
    """Return the words of the list in whose name a person is written to."""
    rows = subscriptions_of(session, person_id)
    return words_of(request, speaking_for(rows)) if rows else words_for(request)


def speaking_for(rows: list[tuple[Subscription, List]]) -> List:
    """Return the list in whose name a person is written to: one that they are on, if any."""
    on_it = [list_ for row, list_ in rows if row.state == SubscriptionState.ACTIVE]
    return (on_it or [list_ for _, list_ in rows])[0]


def subscriptions_of(session: Session, person_id: int) -> list[tuple[Subscription, List]]:
    """Return a person's subscriptions with their lists, by the lists' names."""
    rows = session.execute(
        select(Subscription, List)
        .join(List, List.id == Subscription.list_id)
        .where(Subscription.subscriber_id == person_id)
        .order_by(List.name)
    )
    return [(subscription, list_) for subscription, list_ in rows]


def _page(
    session: Session,
    words: Words,
    token: str,
    person: Subscriber,
    *,
    done: str = "",
    typed: str = "",
    problem: str = "",
) -> HTMLResponse:
    rows = subscriptions_of(session, person.id)
    return page(
        "person",
        words,
        status=422 if problem else 200,
        person=person,
        rows=rows,
        questions={
            one.id: tracking_question(words, one)
            for row, one in rows
            if row.tracking_consent or store.asks_for_tracking(one)
        },
        token=token,
        done=done,
        typed=typed,
        problem=problem,
    )
