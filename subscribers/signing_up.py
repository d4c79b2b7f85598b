"""Signing up by a form: the same work whoever asks (RULES S-1), a letter only for who may get one.

Everything is done for everybody in a savepoint, and undone for whom it is not meant: an address
that is on the list, suppressed, or asked often enough is left as it was, without a trace.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from subscribers.address import Address, mailbox_of
from subscribers.erasure import was_erased
from subscribers.evidence import Visit, record
from subscribers.goodbyes import undoable
from subscribers.lists import wording_of
from subscribers.membership import settle, subscription_of
from subscribers.models import (
    Consent,
    ConsentKind,
    List,
    OptIn,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from subscribers.people import take_in
from subscribers.suppressions import hidden, is_barred

REQUEST_EVERY = timedelta(hours=24)
REQUESTS_UNANSWERED = 3
# Written out, so that both databases see that the index of requests has the answer.
_IS_REQUEST = Consent.kind == literal_column(f"'{ConsentKind.ASKED}'")
# What the caller writes for a sign-up, a letter: to whom, and about which request.
Write = Callable[[Subscriber, Consent | None], object]


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a sign-up led to: a request, the line that a confirmation letter asks about, or none.

    Without a request the person is on the list since.
    """

    subscriber: Subscriber
    request: Consent | None


def sign_up(
    session: Session,
    list_: List,
    address: Address,
    *,
    visit: Visit,
    now: datetime,
    name: str = "",
    wording: str | None = None,
    write: Write | None = None,
) -> SignUp | None:
    """Take a sign-up from a form, or return None when nothing comes of it.

    On a double opt-in list it leads to a request: not for people who are on the list, suppressed
    (but for who was erased: they may come back), or whose mailbox was asked within 24 hours or
    three times without an answer on any list (RULES S-2); an answer begins the count anew. On a
    single opt-in list the person is active at once. `wording` is what the form said, left out for
    what the list says of itself. `write` is called within the savepoint.
    """
    with undoable(session) as step:
        subscriber = take_in(session, address, name, now)
        current = subscription_of(session, list_.id, subscriber.id)
        erased, barred = was_erased(session, address.key), is_barred(session, address.key)
        limit_key = mailbox_key(session, address)
        asked_enough = _asked_enough(session, limit_key, now)
        on_it = current is not None and current.state in (
            SubscriptionState.ACTIVE,
            SubscriptionState.PAUSED,
        )
        single = list_.opt_in == OptIn.SINGLE
        # Anybody could type the address of who was erased; only a letter shows it is its owner.
        refused = erased if single else asked_enough
        signed = (_join if single else _ask)(
            session, list_, subscriber, current, visit=visit, now=now,
            wording=wording_of(list_) if wording is None else wording, limit_key=limit_key,
        )  # fmt: skip
        if write is not None:
            write(subscriber, signed.request)
        if not (on_it or refused or barred):
            return signed
        step.rollback()
    return None


def mailbox_key(session: Session, address: Address) -> str:
    """Return the keyed hash that all spellings of an address's mailbox share."""
    return hidden(session, f"mailbox {mailbox_of(address.key)}")


def _join(
    session: Session,
    list_: List,
    subscriber: Subscriber,
    current: Subscription | None,
    *,
    visit: Visit,
    now: datetime,
    wording: str,
    limit_key: str,
) -> SignUp:
    kind = ConsentKind.CAME_BACK if current and current.joined_at else ConsentKind.CONFIRMED
    record(
        session, kind, list_, subscriber.id, visit=visit, now=now,
        wording=wording, version=list_.consent_version, limit_key=limit_key,
    )  # fmt: skip
    settle(session, current, list_, subscriber, SubscriptionState.ACTIVE, now)
    return SignUp(subscriber, None)


def _ask(
    session: Session,
    list_: List,
    subscriber: Subscriber,
    current: Subscription | None,
    *,
    visit: Visit,
    now: datetime,
    wording: str,
    limit_key: str,
) -> SignUp:
    request = record(
        session, ConsentKind.ASKED, list_, subscriber.id, visit=visit, now=now,
        wording=wording, version=list_.consent_version, limit_key=limit_key,
    )  # fmt: skip
    # Who left stays so until the answer: the audience and the story must not read otherwise.
    been_here = current is not None and current.joined_at is not None
    state = SubscriptionState.UNSUBSCRIBED if been_here else SubscriptionState.PENDING
    settle(session, current, list_, subscriber, state, now, request=request)
    return SignUp(subscriber, request)


def _asked_enough(session: Session, limit_key: str, now: datetime) -> bool:
    of_mailbox = (_IS_REQUEST, Consent.limit_key == limit_key)
    answered = select(func.max(Consent.id)).where(
        Consent.subscriber_id.in_(select(Consent.subscriber_id).where(*of_mailbox)),
        Consent.kind.in_((ConsentKind.CONFIRMED, ConsentKind.CAME_BACK)),
    )
    count, latest = session.execute(
        select(func.count(), func.max(Consent.at)).where(
            *of_mailbox, Consent.id > func.coalesce(answered.scalar_subquery(), 0)
        )
    ).one()
    return bool(count >= REQUESTS_UNANSWERED or (count and now - latest < REQUEST_EVERY))
