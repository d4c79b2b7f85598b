"""Confirming, pausing, leaving and coming back: every step leaves evidence."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from subscribers.address import Address
from subscribers.erasure import was_erased, welcome_back
from subscribers.errors import AddressRefused, LinkSpent, NotFound
from subscribers.evidence import Visit, record
from subscribers.goodbyes import NoteKind, note
from subscribers.models import (
    Consent,
    ConsentKind,
    List,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from subscribers.people import take_in

UNDO_WITHIN = timedelta(hours=24)


def add(
    session: Session,
    list_: List,
    address: Address,
    *,
    name: str = "",
    visit: Visit,
    now: datetime,
) -> Subscription:
    """Make a person active on an admin's word; the visit's source is the evidence.

    Raises AddressRefused for who had everything erased here.
    """
    if was_erased(session, address.key):
        raise AddressRefused(
            f"{address.email} had everything erased here", "they can sign up themselves"
        )
    subscriber = take_in(session, address, name, now)
    current = subscription_of(session, list_.id, subscriber.id)
    if current is not None and current.state == SubscriptionState.ACTIVE:
        return current
    record(session, ConsentKind.ADDED, list_, subscriber.id, visit=visit, now=now)
    return settle(session, current, list_, subscriber, SubscriptionState.ACTIVE, now)


def confirm(session: Session, request_id: int, *, visit: Visit, now: datetime) -> Subscription:
    """Confirm the request a link names; twice is harmless.

    Raises LinkSpent when the request was replaced by a newer one, or answered by a goodbye;
    NotFound when there is no such request.
    """
    request = session.get(Consent, request_id)
    if request is None or request.kind != ConsentKind.ASKED:
        raise NotFound("there is no such request")
    current = subscription_of(session, request.list_id, request.subscriber_id)
    if current is None or current.request_id != request_id:
        raise LinkSpent(
            "replaced", "this link was replaced or withdrawn", "sign up again for a new one"
        )
    if current.state in (SubscriptionState.ACTIVE, SubscriptionState.PAUSED):
        return current
    came_back = current.joined_at is not None
    kind = ConsentKind.CAME_BACK if came_back else ConsentKind.CONFIRMED
    list_ = session.get_one(List, request.list_id)
    record(
        session,
        kind,
        list_,
        request.subscriber_id,
        visit=visit,
        now=now,
        # What the form said when it was filled in, whatever it says since.
        wording=request.wording,
        version=request.wording_version,
    )
    person = session.get_one(Subscriber, request.subscriber_id)
    if person.email_key is not None:
        welcome_back(session, person.email_key, person.id, now=now)
    return _move(session, current, SubscriptionState.ACTIVE, now)


def unsubscribe(
    session: Session, list_id: int, subscriber_id: int, *, visit: Visit, now: datetime
) -> Subscription:
    """Leave a list at once; twice is harmless. Every open request is withdrawn with it."""
    current = _existing(session, list_id, subscriber_id)
    if current.state == SubscriptionState.UNSUBSCRIBED and current.request_id is None:
        return current
    list_ = session.get_one(List, list_id)
    record(session, ConsentKind.LEFT, list_, subscriber_id, visit=visit, now=now)
    current.request_id = None
    _note(session, NoteKind.LEFT, current, now)
    return _move(session, current, SubscriptionState.UNSUBSCRIBED, now)


def undo_unsubscribe(
    session: Session, list_id: int, subscriber_id: int, *, visit: Visit, now: datetime
) -> Subscription:
    """Come back within 24 hours of a goodbye (RULES U-6); raises LinkSpent later."""
    current = _existing(session, list_id, subscriber_id)
    if current.state != SubscriptionState.UNSUBSCRIBED:
        return current
    if current.joined_at is None:
        raise LinkSpent("unconfirmed", "nothing was confirmed here before", "sign up to join")
    if now - current.changed_at > UNDO_WITHIN:
        raise LinkSpent("late", "the goodbye is more than a day old", "sign up again to come back")
    list_ = session.get_one(List, list_id)
    record(session, ConsentKind.CAME_BACK, list_, subscriber_id, visit=visit, now=now, wording="")
    return _move(session, current, SubscriptionState.ACTIVE, now)


def pause(
    session: Session, list_id: int, subscriber_id: int, *, visit: Visit, now: datetime
) -> Subscription:
    """Stay on the list and get nothing until `resume`; only an active one can pause."""
    return _switch(
        session,
        (list_id, subscriber_id),
        (SubscriptionState.ACTIVE, SubscriptionState.PAUSED, ConsentKind.PAUSED),
        visit=visit,
        now=now,
    )


def resume(
    session: Session, list_id: int, subscriber_id: int, *, visit: Visit, now: datetime
) -> Subscription:
    """Go on after a pause."""
    return _switch(
        session,
        (list_id, subscriber_id),
        (SubscriptionState.PAUSED, SubscriptionState.ACTIVE, ConsentKind.RESUMED),
        visit=visit,
        now=now,
    )


def subscription_of(session: Session, list_id: int, subscriber_id: int) -> Subscription | None:
    """Return a subscription, locked until the commit."""
    return session.get(Subscription, (list_id, subscriber_id), with_for_update=True)


def settle(
    session: Session,
    current: Subscription | None,
    list_: List,
    subscriber: Subscriber,
    state: SubscriptionState,
    now: datetime,
    *,
    request: Consent | None = None,
) -> Subscription:
    """Make or move a subscription; every earlier request is replaced by `request`."""
    if current is None:
        current = Subscription(list_id=list_.id, subscriber_id=subscriber.id, changed_at=now)
        session.add(current)
    current.request_id = request.id if request else None
    return _move(session, current, state, now)


def _switch(
    session: Session,
    who: tuple[int, int],
    step: tuple[SubscriptionState, SubscriptionState, ConsentKind],
    *,
    visit: Visit,
    now: datetime,
) -> Subscription:
    from_state, to_state, kind = step
    current = _existing(session, *who)
    if current.state != from_state:
        return current
    record(session, kind, session.get_one(List, who[0]), who[1], visit=visit, now=now)
    return _move(session, current, to_state, now)


def _existing(session: Session, list_id: int, subscriber_id: int) -> Subscription:
    current = subscription_of(session, list_id, subscriber_id)
    if current is None:
        raise NotFound("there is no such subscription")
    return current


def _note(session: Session, kind: NoteKind, current: Subscription, now: datetime) -> None:
    note(session, kind, now, list_id=current.list_id, subscriber_id=current.subscriber_id)


def _move(
    session: Session, current: Subscription, state: SubscriptionState, now: datetime
) -> Subscription:
    if state == SubscriptionState.ACTIVE and current.joined_at is None:
        current.joined_at = now
    if current.state != state:
        if state == SubscriptionState.ACTIVE and current.state == SubscriptionState.UNSUBSCRIBED:
            _note(session, NoteKind.BACK, current, now)
        current.state = state
        current.changed_at = now
    session.flush()
    return current
