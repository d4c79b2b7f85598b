"""The link in the letter to a person's new address: its button makes the address theirs."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from newsletter import letters
from newsletter.app import App
from newsletter.models import LetterKind
from newsletter.publishing import letter_body
from newsletter.web.languages import words_of
from newsletter.web.letter_links import named
from newsletter.web.pages import page
from newsletter.web.person import speaking_for, subscriptions_of, words_to
from newsletter.web.security import visit
from subscribers import store
from subscribers.database import now
from subscribers.errors import LinkSpent
from subscribers.models import AddressChange, Subscriber

router = APIRouter()


@router.api_route("/address/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> HTMLResponse:
    """Show the button that makes an address a person's own; looking changes nothing."""
    house: App = request.app.state.house
    with house.database.read() as session:
        wish = store.open_change(session, _wish(request, session, token))
        list_ = speaking_for(subscriptions_of(session, wish.subscriber_id))
    return page("address", words_of(request, list_), list=list_, email=wish.email)


@router.post("/address/{token}")
def confirm(request: Request, token: str) -> HTMLResponse:
    """Make the address the person's own, and tell the old one."""
    house: App = request.app.state.house
    moment = now()
    seen = visit(request, via="new address", trusted=house.settings.trusted_proxies)
    with house.database.begin() as session:
        wish = store.move(session, _wish(request, session, token), visit=seen, now=moment)
        person = session.get_one(Subscriber, wish.subscriber_id)
        list_ = speaking_for(subscriptions_of(session, person.id))
        templates = house.settings.templates
        body = letter_body(session, list_, LetterKind.OLD_ADDRESS, templates=templates)
        letters.write(
            session, LetterKind.OLD_ADDRESS, list_, person, body, change_id=wish.id, now=moment
        )
    return page("moved", words_of(request, list_), list=list_, email=wish.email)


def _wish(request: Request, session: Session, token: str) -> int:
    """Return the change of address that a token names; one of ours that is too old is spent."""
    house: App = request.app.state.house
    wish, is_old = named(house.links.read_move, token)
    if (change := session.get(AddressChange, wish)) is not None:
        # What there is to say against it is said in the person's language.
        words_to(request, session, change.subscriber_id)
    if is_old:
        raise LinkSpent("old_wish", "this link is older than a week")
    return wish
