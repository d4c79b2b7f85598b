"""The page behind the question whether somebody still wants a list: one button, which says yes."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from newsletter.app import App
from newsletter.web.goodbye import look as goodbye
from newsletter.web.goodbye import opened
from newsletter.web.languages import words_of
from newsletter.web.pages import page
from newsletter.web.security import visit
from subscribers import store
from subscribers.database import now
from subscribers.models import SubscriptionState

router = APIRouter()


@router.api_route("/stay/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> HTMLResponse:
    """Show the button; looking changes nothing. Who left meanwhile sees the page of a goodbye."""
    house: App = request.app.state.house
    with house.database.read() as session:
        _, subscription, list_ = opened(request, session, token)
    if subscription.state == SubscriptionState.UNSUBSCRIBED:
        return goodbye(request, token)
    return page("stay", words_of(request, list_), list=list_, token=token, just=False)


@router.post("/stay/{token}")
def stay(request: Request, token: str) -> HTMLResponse:
    """Keep that the person still wants it; nobody who left comes back by this."""
    house: App = request.app.state.house
    seen = visit(request, via="question", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        names, _, list_ = opened(request, session, token)
        stays = store.stay(session, names.list_id, names.subscriber_id, visit=seen, now=now())
    if stays is None:
        return ask(request, token)
    return page("stay", words_of(request, list_), list=list_, token=token, just=True)
