"""A batch claimed: picked, paid for and taken; its recipients are read again in the same transaction."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from newsletter.dispatcher import statements
from newsletter.dispatcher.people import People
from newsletter.dispatcher.statements import EXCEPTION
from newsletter.issues.splits import cut, part_by_consent
from newsletter.models import Batch, BatchState, DeliveryState
from newsletter.pace import NO_LIMITS, Limits, breaker, spend
from newsletter.providers.protocol import Provider
from subscribers.clock import given
from subscribers.columns import columns
from subscribers.models import CountedBy

LEASE_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Claim:
    """What names one attempt at a batch; every write about it is fenced by all four."""

    issue_id: int
    batch_no: int
    attempt: int
    owner: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim and whom it may mail; `size` counts everybody in the batch.

    `claims` is how many there ever were in this database; `is_trial`: the provider was away, and
    this call tries it for all. `variant` is the text that they get; `counted`: the provider is to
    count them, and all of them agreed to be counted by name. `paid_at` is when their part of the
    day's quota was taken, None for who has nothing to give back of it.
    """

    claim: Claim
    list_id: int
    people: People
    size: int
    claims: int = 0
    is_trial: bool = False
    variant: int = 0
    counted: bool = False
    paid_at: datetime | None = None


def claim(
    session: Session,
    provider: Provider,
    *,
    limits: Limits = NO_LIMITS,
    owner: str,
    now: datetime,
) -> Claimed | None:
    """Take the next pending batch of an issue that is sending, or None when none may go now.

    Who left, paused or was suppressed since the freeze is skipped here (RULES DL-3). Nothing
    may be sent before this transaction is committed.
    """
    connection, dialect = session.connection(), session.get_bind().dialect.name
    picked = connection.execute(*statements.following(dialect, now, locked=True)).one_or_none()
    if picked is None:
        return None
    # The last that was heard of the provider is that it is away.
    is_trial = bool(picked.failures)
    with session.begin_nested() if is_trial else nullcontext() as paid:
        if not _affordable(session, picked, provider, limits, now):
            return None
        if paid is not None and not breaker.take_trial(session, now):
            # Somebody else tries for all, and what was paid here would be for nobody.
            paid.rollback()
            return None
    taken = {
        "issue": picked.issue_id,
        "batch": picked.batch_no,
        "by": owner,
        "text": picked.variant,
        "through": provider.name,
        "waiting_for": provider.at_once,
    }
    lease = given(dialect, "lease", now, LEASE_SECONDS)
    issue_id, batch_no, attempt, lo, hi = connection.execute(
        statements.taking(dialect, LEASE_SECONDS), taken | lease
    ).one()
    list_id = picked.list_id
    which = {"issue": issue_id, "batch": batch_no, "lo": lo, "hi": hi, "list": list_id}
    ids, emails, names, agreed, why = columns(connection, statements.people(dialect), which)
    people = People(range(len(ids)), ids, emails, names, list(map(bool, agreed)))
    if why.count(None) < len(why):
        reasons = [(person, reason) for person, reason in zip(ids, why, strict=True) if reason]
        _skip(connection, issue_id, reasons, now)
        people = people.only([reason is None for reason in why])
    claims = connection.scalar(statements.counting())
    own_claim = Claim(issue_id, batch_no, attempt, owner)
    # Asked of those who were just read, whoever was in the batch before: nobody is counted who
    # did not agree, and who took it back a moment ago takes the others along.
    counted = picked.counted_by == CountedBy.PROVIDER and all(people.counted)
    return Claimed(
        own_claim,
        list_id,
        people,
        len(ids),
        claims or 0,
        is_trial,
        picked.variant,
        counted,
        paid_at=now,
    )


def _skip(
    connection: Connection, issue_id: int, people: list[tuple[int, str]], now: datetime
) -> None:
    """Write down whom a claim may not mail, and why."""
    state = str(DeliveryState.SKIPPED)
    rows = [
        {"issue_id": issue_id, "subscriber_id": person, "state": state, "detail": why, "at": now}
        for person, why in people
    ]
    if rows:
        connection.execute(insert(EXCEPTION), rows)


def give_back(session: Session, owner: str) -> None:
    """Undo a claim whose commit was not answered: its owner knows that nobody was called."""
    session.execute(
        update(Batch)
        .where(Batch.owner == owner, Batch.state == BatchState.SENDING)
        .values(state=BatchState.PENDING, attempt=Batch.attempt - 1, owner="", lease_until=None)
        .execution_options(synchronize_session=False)
    )


def due(session: Session, now: datetime) -> bool:
    """Return whether there is a batch to claim; a look that locks nothing."""
    dialect = session.get_bind().dialect.name
    looked = statements.following(dialect, now, locked=False)
    return session.connection().execute(*looked).first() is not None


def _affordable(
    session: Session, picked: Any, provider: Provider, limits: Limits, now: datetime
) -> bool:
    """Pay for a batch, cut to what may go at once; return whether it may go."""
    size = picked.n
    if picked.counted_by == CountedBy.PROVIDER:
        size = part_by_consent(session, picked.issue_id, picked.batch_no)
    over = picked.recipients / picked.over if picked.over else None
    most = limits.size(size, stepwise=bool(provider.at_once), lane=picked.lane, over=over)
    allowed = spend(
        session,
        limits,
        issue_id=picked.issue_id,
        lane=picked.lane,
        over=over,
        wanted=most,
        now=now,
    )
    if 0 < allowed < size:
        cut(session, picked.issue_id, picked.batch_no, allowed)
    return allowed > 0
