"""The page behind the question whether somebody still wants a list: one button, which says yes."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from newsletter.app import App
from newsletter.links import NOBODY
from newsletter.web.goodbye import OnlyATest
from newsletter.web.goodbye import look as goodbye
from newsletter.web.pages import page
from newsletter.web.security import visit
from subscribers import store
from subscribers.database import now
from subscribers.errors import NotFound
from subscribers.models import List, Subscription, SubscriptionState

router = APIRouter()


@router.api_route("/stay/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> HTMLResponse:
    """Show the button; looking changes nothing. Who left meanwhile sees the page of a goodbye."""
    house: App = request.app.state.house
    names = house.links.read_goodbye(token)
    if names.subscriber_id == NOBODY:
        raise OnlyATest
    with house.database.read() as session:
        subscription = session.get(Subscription, (names.list_id, names.subscriber_id))
        if subscription is None:
            raise NotFound("there is no such subscription")
        list_ = session.get_one(List, names.list_id)
    if subscription.state == SubscriptionState.UNSUBSCRIBED:
        return goodbye(request, token)
    return page(
        "stay", title=f"Do you still want {list_.name}?", list=list_, token=token, just=False
    )


@router.post("/stay/{token}")
def stay(request: Request, token: str) -> HTMLResponse:
    """Keep that the person still wants it; nobody who left comes back by this."""
    house: App = request.app.state.house
    names = house.links.read_goodbye(token)
    seen = visit(request, via="question", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        stays = store.stay(session, names.list_id, names.subscriber_id, visit=seen, now=now())
        list_ = session.get(List, names.list_id)
    if stays is None or list_ is None:
        return ask(request, token)
    return page("stay", title="Thank you", list=list_, token=token, just=True)
