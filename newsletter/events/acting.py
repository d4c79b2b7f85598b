"""The consequences of new reports: addresses suppressed, subscriptions ended."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.bounces import GOODBYE
from newsletter.events.rules import consequence
from newsletter.issues import is_away_for_long
from newsletter.message import Event
from newsletter.models import Issue
from subscribers import store
from subscribers.models import Subscriber, Subscription

WHO = "provider"


class New(NamedTuple):
    """A report that was not known before, and the delivery that it is about."""

    event: Event
    issue_id: int
    subscriber_id: int


def act(session: Session, new: New, *, now: datetime) -> None:
    """Do what follows from a new report; harmless when it was done before."""
    event, issue_id, subscriber_id = new
    follows = consequence(event.type, event.cause)
    if follows is None:
        return
    person = session.get_one(Subscriber, subscriber_id)
    list_id, mailed_at = session.execute(
        select(Issue.list_id, Issue.started_at).where(Issue.id == issue_id)
    ).one()
    if follows.leaves and session.get(Subscription, (list_id, subscriber_id)) is not None:
        actor = "self" if event.source == GOODBYE else WHO
        visit = store.Visit(actor=actor, via=event.source, source=event.detail)
        store.unsubscribe(session, list_id, subscriber_id, visit=visit, now=now)
    if follows.suppress is None or not person.email_key:
        return
    since = store.address_since(session, subscriber_id)
    if since is not None and mailed_at is not None and mailed_at <= since:
        # It was another address that failed; the present one was not mailed yet.
        return
    if follows.after_a_row and not is_away_for_long(session, list_id, subscriber_id):
        return
    store.suppress(session, person.email_key, follows.suppress, detail=event.detail, now=now)
