"""A person's own page, reached by a fresh link only: name, lists, leave them all."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.app import App
from newsletter.errors import LinkInvalid
from newsletter.web.pages import page
from newsletter.web.security import visit
from newsletter.web.signup import clean_name
from subscribers import store
from subscribers.database import now
from subscribers.models import List, Subscriber, Subscription

router = APIRouter()
Field = Annotated[str, Form()]


@router.api_route("/me/{token}", methods=["GET", "HEAD"])
def look(request: Request, token: str) -> HTMLResponse:
    """Show the person's name and subscriptions."""
    house: App = request.app.state.house
    with house.database.read() as session:
        person = _person(house, session, token)
        return _page(session, token, person)


@router.post("/me/{token}")
def change(
    request: Request, token: str, action: Field = "", name: Field = "", list_id: Field = ""
) -> HTMLResponse:
    """Change the name, or leave, pause or resume one list or leave all."""
    house: App = request.app.state.house
    moment = now()
    seen = visit(request, via="own page", trusted=house.settings.trusted_proxies)
    acts = {"leave": store.unsubscribe, "pause": store.pause, "resume": store.resume}
    with house.database.begin() as session:
        person = _person(house, session, token)
        mine = {row.list_id for row, _ in _subscriptions(session, person)}
        if action == "name":
            person.name = clean_name(name)
        elif action == "leave-all":
            for one in sorted(mine):
                store.unsubscribe(session, one, person.id, visit=seen, now=moment)
        elif action in acts and list_id.isdecimal() and int(list_id) in mine:
            acts[action](session, int(list_id), person.id, visit=seen, now=moment)
        session.flush()
        return _page(session, token, person, done=bool(action))


def _person(house: App, session: Session, token: str) -> Subscriber:
    person = session.get(Subscriber, house.links.read_fresh(token, now()))
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
