"""A person's own page, reached by a fresh link only: name, lists, a copy of all, erasure."""

from datetime import UTC, datetime

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
from newsletter.rights import erase_person, person_record
from newsletter.web.forms import Sent
from newsletter.web.pages import page, tracking_question
from newsletter.web.security import visit
from subscribers import store
from subscribers.address import LONGEST, parse
from subscribers.database import now
from subscribers.errors import AddressRefused, LinkSpent
from subscribers.models import List, Subscriber, Subscription, SubscriptionState
from subscribers.names import tidy
from subscribers.store import Visit

# A moment before every link, at which none is too old.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

router = APIRouter()


@router.api_route("/me/{token}", methods=["GET", "HEAD"])
def look(request: Request, token: str) -> HTMLResponse:
    """Show the person's name and subscriptions."""
    house: App = request.app.state.house
    with house.database.read() as session:
        person = _person(house, session, token)
        return _page(session, token, person)


@router.api_route("/me/{token}/copy", methods=["GET", "HEAD"])
def copy(request: Request, token: str) -> Response:
    """Give a copy of everything known of the person, as a file (GDPR Art. 15, 20)."""
    house: App = request.app.state.house
    with house.database.read() as session:
        record = person_record(session, _person(house, session, token))
    named = {"Content-Disposition": 'attachment; filename="everything-about-me.json"'}
    data = orjson.dumps(record, option=orjson.OPT_INDENT_2)
    return Response(data, media_type="application/json", headers=named)


@router.post("/me/{token}/erase")
def erase(request: Request, token: str) -> HTMLResponse:
    """Erase everything known of the person (GDPR Art. 17)."""
    house: App = request.app.state.house
    with house.database.read() as session:
        person_id = _person(house, session, token).id
    erase_person(
        house.database,
        house.links,
        person_id,
        outbox=house.settings.outbox_dir,
        actor="self",
        now=now(),
    )
    return page("erased", title="Everything is erased")


@router.post("/me/{token}")
def change(request: Request, token: str, sent: Sent) -> HTMLResponse:
    """Correct name or address, or leave, pause or resume a list, or all, or be counted or not."""
    action, list_id = sent.get("action", ""), sent.get("list_id", "")
    house: App = request.app.state.house
    moment = now()
    seen = visit(request, via="own page", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        person = _person(house, session, token)
        if action == "erase":
            return page("erase", title="Erase everything?", person=person, token=token)
        if action == "address":
            return _readdress(session, house, token, person, sent.get("email", ""), seen)
        mine = {str(row.list_id): list_ for row, list_ in _subscriptions(session, person)}
        if action == "name":
            person.name = tidy(sent.get("name", ""))
            store.note_change(session, person, "name", visit=seen, now=moment)
        elif action == "leave-all":
            for one in sorted(list_.id for list_ in mine.values()):
                store.unsubscribe(session, one, person.id, visit=seen, now=moment)
        elif list_id in mine:
            _act(session, action, mine[list_id], person.id, seen, moment)
        session.flush()
        return _page(session, token, person, done="saved" if action else "")


def _act(
    session: Session, action: str, list_: List, person_id: int, seen: Visit, moment: datetime
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
            wording=tracking_question(list_),
            visit=seen,
            now=moment,
        )


def _readdress(
    session: Session, house: App, token: str, person: Subscriber, typed: str, seen: Visit
) -> HTMLResponse:
    """Send a letter to the address that the person wants; nothing changes before its answer."""
    moment = now()
    try:
        address = parse(typed[: LONGEST * 2])
    except AddressRefused as error:
        return _page(session, token, person, typed=typed, problem=str(error))
    if address.key == person.email_key:
        # The same mailbox in other letters: there is nobody to ask.
        person.email = address.email
        store.note_change(session, person, "address", visit=seen, now=moment)
        return _page(session, token, person, done="saved")
    wish = store.ask_to_move(session, person, address, now=moment)
    if wish is not None:
        list_ = _speaking_for(_subscriptions(session, person))
        templates = house.settings.templates
        body = letter_body(session, list_, LetterKind.NEW_ADDRESS, templates=templates)
        letters.write(
            session, LetterKind.NEW_ADDRESS, list_, person, body, change_id=wish.id, now=moment
        )
    return _page(session, token, person, done="asked", typed=address.email)


def _speaking_for(rows: list[tuple[Subscription, List]]) -> List:
    """Return the list in whose name a person is written to: one that they are on, if any."""
    on_it = [list_ for row, list_ in rows if row.state == SubscriptionState.ACTIVE]
    return (on_it or [list_ for _, list_ in rows])[0]


@router.api_route("/address/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> HTMLResponse:
    """Show the button that makes an address a person's own; looking changes nothing."""
    house: App = request.app.state.house
    with house.database.read() as session:
        wish = store.open_change(session, _wish(house, token))
        person = session.get_one(Subscriber, wish.subscriber_id)
        list_ = _speaking_for(_subscriptions(session, person))
    return page("address", title="Your new address", list=list_, email=wish.email)


@router.post("/address/{token}")
def confirm(request: Request, token: str) -> HTMLResponse:
    """Make the address the person's own, and tell the old one."""
    house: App = request.app.state.house
    moment = now()
    seen = visit(request, via="new address", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        wish = store.move(session, _wish(house, token), visit=seen, now=moment)
        person = session.get_one(Subscriber, wish.subscriber_id)
        list_ = _speaking_for(_subscriptions(session, person))
        templates = house.settings.templates
        body = letter_body(session, list_, LetterKind.OLD_ADDRESS, templates=templates)
        letters.write(
            session, LetterKind.OLD_ADDRESS, list_, person, body, change_id=wish.id, now=moment
        )
    return page("moved", title="Your address was changed", list=list_, email=wish.email)


def _wish(house: App, token: str) -> int:
    """Return the change of address that a token names; one of ours that is too old is spent."""
    try:
        return house.links.read_move(token, now())
    except LinkInvalid:
        house.links.read_move(token, LONG_AGO)
        raise LinkSpent("this link is older than a week", "ask again on your own page") from None


def _person(house: App, session: Session, token: str) -> Subscriber:
    try:
        names = house.links.read_fresh(token, now())
    except LinkInvalid:
        # Ours but too old is said so; anything else raises again, and is nothing.
        house.links.read_fresh(token, LONG_AGO)
        raise LinkSpent(
            "this link worked for one hour", "the foot of every mail leads to a new one"
        ) from None
    person = session.get(Subscriber, names)
    if person is None or person.email is None:
        raise LinkInvalid("there is no such person")
    return person


def _subscriptions(session: Session, person: Subscriber) -> list[tuple[Subscription, List]]:
    rows = session.execute(
        select(Subscription, List)
        .join(List, List.id == Subscription.list_id)
        .where(Subscription.subscriber_id == person.id)
        .order_by(List.name)
    )
    return [(subscription, list_) for subscription, list_ in rows]


def _page(
    session: Session,
    token: str,
    person: Subscriber,
    *,
    done: str = "",
    typed: str = "",
    problem: str = "",
) -> HTMLResponse:
    rows = _subscriptions(session, person)
    return page(
        "person",
        status=422 if problem else 200,
        title="Your newsletters",
        person=person,
        rows=rows,
        questions={
            one.id: tracking_question(one)
            for row, one in rows
            if row.tracking_consent or store.asks_for_tracking(one)
        },
        token=token,
        done=done,
        typed=typed,
        problem=problem,
    )
