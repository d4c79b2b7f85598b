"""The consequences of new reports: addresses suppressed, subscriptions ended."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.bounces import GOODBYE
from newsletter.events.rules import Consequence, consequence
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
    list_id, mailed_at = session.execute(
        select(Issue.list_id, Issue.started_at).where(Issue.id == issue_id)
    ).one()
    if follows.after_a_row and not is_away_for_long(session, list_id, subscriber_id):
        return
    do(session, event, follows, Mailed(list_id, subscriber_id, mailed_at), now=now)


class Mailed(NamedTuple):
    """Whom a mail of a list went to, and when."""

    list_id: int
    subscriber_id: int
    at: datetime | None


def do(
    session: Session, event: Event, follows: Consequence, mailed: Mailed, *, now: datetime
) -> None:
    """Let somebody leave, suppress their address, as it follows from a report on their mail."""
    list_id, subscriber_id, mailed_at = mailed
    person = session.get_one(Subscriber, subscriber_id)
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
    store.suppress(session, person.email_key, follows.suppress, detail=event.detail, now=now)
