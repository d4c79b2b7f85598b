"""A person's new address: asked for on their own page, and theirs once that address confirms it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from subscribers.address import Address
from subscribers.erasure import welcome_back
from subscribers.errors import AddressRefused, LinkSpent, NotFound
from subscribers.evidence import Visit, record
from subscribers.goodbyes import NoteKind, note
from subscribers.models import AddressChange, Consent, ConsentKind, List, Subscriber, Subscription
from subscribers.signing_up import mailbox_key
from subscribers.suppressions import hidden, is_barred

A_DAY = timedelta(days=1)
MOST_A_DAY = 3
KEPT = timedelta(days=30)
# The word by which a line of evidence tells of a new address.
ADDRESS = "address"


def ask_to_move(
    session: Session, person: Subscriber, address: Address, *, now: datetime
) -> AddressChange | None:
    """Take down which address a person wants, or None where no letter may go to it.

    That is one that is suppressed, or was asked within a day, or the person's fourth in a day; an
    earlier wish is replaced. Whether somebody else has the address is told to its owner alone.
    """
    limit_key = mailbox_key(session, address)
    today = AddressChange.asked_at > now - A_DAY
    asked = select(func.count()).select_from(AddressChange)
    own = session.scalar(asked.where(today, AddressChange.subscriber_id == person.id)) or 0
    theirs = session.scalar(asked.where(today, AddressChange.limit_key == limit_key)) or 0
    if own >= MOST_A_DAY or theirs or is_barred(session, address.key):
        return None
    change = AddressChange(
        subscriber_id=person.id,
        email=address.email,
        email_key=address.key,
        limit_key=limit_key,
        old_email=person.email or "",
        asked_at=now,
    )
    session.add(change)
    session.flush()
    return change


def open_change(session: Session, change_id: int) -> AddressChange:
    """Return a wish that still stands.

    Raises LinkSpent for one that was done or replaced, NotFound when there is none.
    """
    change = session.get(AddressChange, change_id, populate_existing=True)
    person = session.get(Subscriber, change.subscriber_id) if change else None
    if change is None or person is None or person.email_key is None or not change.email_key:
        raise NotFound("there is no such change")
    latest = select(func.max(AddressChange.id)).where(AddressChange.subscriber_id == person.id)
    if change.answered_at is not None or session.scalar(latest) != change.id:
        raise LinkSpent("used", "this link was used, or replaced by a newer one")
    return change


def move(session: Session, change_id: int, *, visit: Visit, now: datetime) -> AddressChange:
    """Give a person the address that has just confirmed; each link works once.

    Raises as `open_change`, and LinkSpent when somebody here has the address already.
    """
    # Locked before it is looked at: of two presses at the same instant the second comes too late.
    session.get(AddressChange, change_id, with_for_update=True)
    change = open_change(session, change_id)
    person = session.get_one(Subscriber, change.subscriber_id, with_for_update=True)
    try:
        correct_address(session, person, Address(change.email, change.email_key), now=now)
    except AddressRefused as error:
        raise LinkSpent(
            "taken", str(error), "leave with one of the two, by the foot of any of its mails"
        ) from None
    welcome_back(session, change.email_key, person.id, now=now)
    change.answered_at = now
    note_change(session, person, f"{ADDRESS}, confirmed by the new one", visit=visit, now=now)
    return change


def correct_address(
    session: Session, person: Subscriber, address: Address, *, now: datetime
) -> None:
    """Give a person another address; raises AddressRefused for one that somebody here has."""
    of_old = person.email_key or ""
    old = hidden(session, of_old)
    try:
        with session.begin_nested():
            person.email, person.email_key = address.email, address.key
            session.flush()
    except IntegrityError:
        raise AddressRefused(
            "this address has a subscription of its own here",
            f"newsletter subscribers show {address.email} tells of it; newsletter subscribers "
            f"suppress {of_old} leaves that one alone",
        ) from None
    new = hidden(session, address.key)
    note(session, NoteKind.MOVED, now, subscriber_id=person.id, key=old, reason=new)


def address_since(session: Session, subscriber_id: int) -> datetime | None:
    """Return since when a person has the address they have now, None for one they came with.

    By the evidence that `note_change` leaves, so that what is not quite a change counts too.
    """
    return session.scalar(
        select(func.max(Consent.at)).where(
            Consent.subscriber_id == subscriber_id,
            Consent.kind == ConsentKind.CHANGED,
            Consent.source.contains(ADDRESS),
        )
    )


def note_change(
    session: Session, person: Subscriber, what: str, *, visit: Visit, now: datetime
) -> None:
    """Leave a line of evidence on each of a person's lists that something was corrected."""
    lists = session.scalars(
        select(List)
        .join(Subscription, Subscription.list_id == List.id)
        .where(Subscription.subscriber_id == person.id)
        .order_by(List.id)
    )
    for list_ in lists:
        seen = replace(visit, source=what)
        record(session, ConsentKind.CHANGED, list_, person.id, visit=seen, now=now)
    session.flush()


def forget_old_changes(session: Session, now: datetime) -> None:
    """Forget the addresses of wishes that are a month old; that there was one stays."""
    session.execute(
        update(AddressChange)
        .where(AddressChange.asked_at < now - KEPT, AddressChange.email != "")
        .values(email="", email_key="", limit_key="", old_email="")
    )
