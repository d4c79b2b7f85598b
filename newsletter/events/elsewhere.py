"""Whom the provider mails no more, told to us; whom we mail again, told to the provider.

A provider drops the mails to who is on its lists, whatever we know. Its lists are read whole
once, and each day what is new; who comes back here is taken off them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.models import Turn
from newsletter.pace.turns import hold_until
from newsletter.providers.sendgrid_lists import Keeper, Kept, Suppressed
from subscribers import store
from subscribers.address import key_of
from subscribers.database import Database
from subscribers.errors import AddressRefused
from subscribers.models import (
    Consent,
    ConsentKind,
    Subscriber,
    Subscription,
    SubscriptionState,
    SuppressionReason,
)

READ, LET_IN = "suppressions:read", "suppressions:let in"
READ_EVERY = timedelta(days=1)
# What is on its way into a list while it is read is read the next time.
OVERLAP = timedelta(hours=1)
# Whoever comes back is seen when that is committed, a little after the moment that it bears.
SEEN_WITHIN = timedelta(seconds=30)
AT_ONCE = 500
REASONS = {
    Kept.BOUNCES: SuppressionReason.BOUNCED,
    Kept.SPAM_REPORTS: SuppressionReason.COMPLAINED,
}
# By these lines somebody may be mailed again who was not.
RETURNS = (ConsentKind.CAME_BACK, ConsentKind.UNSUPPRESSED)
VISIT = store.Visit(actor="provider", via="sendgrid", source="on its list of unsubscribed")


def read_lists(database: Database, keeper: Keeper, *, now: datetime) -> int:
    """Take over what is new on the provider's lists, once a day; return how many entries.

    Whoever came back here since they came onto a list is taken off it instead. Raises
    ProviderError, and then the same is read again the next time.
    """
    last = _reached(database, READ)
    if last is not None and now - last < READ_EVERY:
        return 0
    since = datetime.fromtimestamp(0, UTC) if last is None else last - OVERLAP
    entries = 0
    for kept in Kept:
        found = list(keeper.suppressed(kept, since=since, until=now))
        entries += len(found)
        for at in range(0, len(found), AT_ONCE):
            with database.begin() as session:
                returned = _take_over(session, kept, found[at : at + AT_ONCE], now)
            for email in returned:
                keeper.let_in(email)
    with database.begin() as session:
        hold_until(session, READ, now.timestamp())
    return entries


def let_in(database: Database, keeper: Keeper, *, now: datetime) -> int:
    """Take off the provider's lists who came back since the last look; return how many."""
    last = _reached(database, LET_IN)
    emails: Sequence[str | None] = ()
    if last is not None:
        with database.read() as session:
            emails = session.scalars(
                select(Subscriber.email)
                .where(
                    Subscriber.email.is_not(None),
                    Subscriber.id.in_(
                        select(Consent.subscriber_id).where(
                            Consent.kind.in_(RETURNS), Consent.at > last, Consent.at <= now
                        )
                    ),
                )
                .order_by(Subscriber.id)
            ).all()
    for email in emails:
        keeper.let_in(email or "")
    if emails or last is None:
        with database.begin() as session:
            hold_until(session, LET_IN, (now - SEEN_WITHIN).timestamp())
    return len(emails)


def _reached(database: Database, name: str) -> datetime | None:
    with database.read() as session:
        at = session.scalar(select(Turn.at).where(Turn.name == name))
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _take_over(
    session: Session, kept: Kept, found: Sequence[Suppressed], now: datetime
) -> list[str]:
    """Do what follows from entries of a list; return who came back since and is on it wrongly."""
    entries: dict[str, Suppressed] = {}
    for one in found:
        try:
            entries[key_of(one.email)] = one
        except AddressRefused:
            continue
    people = {
        str(key): (number, str(email))
        for number, key, email in session.execute(
            select(Subscriber.id, Subscriber.email_key, Subscriber.email).where(
                Subscriber.email_key.in_(entries)
            )
        )
    }
    numbers = [number for number, _ in people.values()]
    rows = session.execute(
        select(Consent.subscriber_id, func.max(Consent.at))
        .where(Consent.subscriber_id.in_(numbers), Consent.kind.in_(RETURNS))
        .group_by(Consent.subscriber_id)
    )
    back = {number: moment for number, moment in rows}
    returned = {
        key
        for key, (number, _) in people.items()
        if number in back and entries[key].at <= back[number]
    }
    theirs = [
        (key, one.detail, people.get(key, (0, ""))[0])
        for key, one in entries.items()
        if key not in returned
    ]
    if kept in REASONS:
        store.suppress_many(session, theirs, REASONS[kept], now=now)
    else:
        _leave(session, [number for _, _, number in theirs if number], now)
    return [people[key][1] for key in sorted(returned)]


def _leave(session: Session, people: Sequence[int], now: datetime) -> None:
    """Let people leave every list that they are on."""
    theirs = session.execute(
        select(Subscription.list_id, Subscription.subscriber_id)
        .where(
            Subscription.subscriber_id.in_(people),
            Subscription.state != SubscriptionState.UNSUBSCRIBED,
        )
        .order_by(Subscription.list_id, Subscription.subscriber_id)
    ).all()
    for list_id, person in theirs:
        store.unsubscribe(session, list_id, person, visit=VISIT, now=now)
