"""A person's own page, reached by a fresh link only: name, lists, a copy of all, erasure."""

from datetime import UTC, datetime

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.app import App
from newsletter.errors import LinkInvalid
from newsletter.rights import erase_person, person_record
from newsletter.web.forms import Sent
from newsletter.web.pages import page
from newsletter.web.security import visit
from subscribers import store
from subscribers.database import now
from subscribers.errors import LinkSpent
from subscribers.models import List, Subscriber, Subscription
from subscribers.names import tidy

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
    """Change the name, or leave, pause or resume one list or leave all."""
    action, list_id = sent.get("action", ""), sent.get("list_id", "")
    house: App = request.app.state.house
    moment = now()
    seen = visit(request, via="own page", trusted=house.settings.trusted_proxies)
    acts = {"leave": store.unsubscribe, "pause": store.pause, "resume": store.resume}
    with house.database.begin() as session:
        person = _person(house, session, token)
        if action == "erase":
            return page("erase", title="Erase everything?", person=person, token=token)
        mine = {str(row.list_id) for row, _ in _subscriptions(session, person)}
        if action == "name":
            person.name = tidy(sent.get("name", ""))
        elif action == "leave-all":
            for one in sorted(map(int, mine)):
                store.unsubscribe(session, one, person.id, visit=seen, now=moment)
        elif action in acts and list_id in mine:
            acts[action](session, int(list_id), person.id, visit=seen, now=moment)
        session.flush()
        return _page(session, token, person, done=bool(action))


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


def _page(session: Session, token: str, person: Subscriber, *, done: bool = False) -> HTMLResponse:
    return page(
        "person",
        title="Your newsletters",
        person=person,
        rows=_subscriptions(session, person),
        token=token,
        done=done,
    )
