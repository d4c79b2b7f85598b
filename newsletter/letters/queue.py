"""Letters as rows: written, claimed, answered, put back, swept; every write after a claim fenced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select, update
from sqlalchemy.orm import Session

from newsletter.message import SendResult, SendStatus
from newsletter.models import BatchState, Letter, LetterKind
from subscribers import store
from subscribers.address import key_of
from subscribers.clock import moment
from subscribers.database import Database
from subscribers.models import AddressChange, List, Subscriber

LEASE_SECONDS = 90.0
MOST_ATTEMPTS = 5
LATER_SECONDS = (60, 300, 900, 3600)
SUPPRESSED, ERASED = "suppressed", "erased"
LETTER: Table = Letter.__table__  # type: ignore[assignment]


def write(
    session: Session,
    kind: LetterKind,
    list_: List,
    subscriber: Subscriber,
    body_hash: str,
    *,
    request_id: int | None = None,
    change_id: int | None = None,
    now: datetime,
) -> Letter:
    """Write a letter's row, in the transaction of what causes it; nobody is mailed here.

    `body_hash` names a LetterBody; `request_id` is the request that a CONFIRM letter asks about,
    `change_id` the change of address that a NEW_ADDRESS or OLD_ADDRESS letter is about.
    """
    letter = Letter(
        kind=kind,
        list_id=list_.id,
        subscriber_id=subscriber.id,
        request_id=request_id,
        change_id=change_id,
        body=body_hash,
        created_at=now,
    )
    session.add(letter)
    session.flush()
    return letter


@dataclass(frozen=True, slots=True)
class ClaimedLetter:
    """One letter on its way: what to fill in, and the name its claim bears."""

    id: int
    kind: str
    subscriber_id: int
    request_id: int | None
    change_id: int | None
    list_id: int
    body: str
    attempt: int
    owner: str
    email: str
    name: str


def claim(session: Session, *, most: int, owner: str, now: datetime) -> list[ClaimedLetter]:
    """Take the oldest letter that is due, and up to `most` with the same list and body.

    Whoever is suppressed or erased gets none: those letters fail here, also a confirmation
    that was asked for.
    """
    first = session.execute(
        _due(now)
        .with_only_columns(LETTER.c.list_id, LETTER.c.body)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if first is None:
        return []
    list_id, body = first
    rows = session.execute(
        _due(now)
        .with_only_columns(LETTER)
        .where(LETTER.c.list_id == list_id, LETTER.c.body == body)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    claimed = []
    for row in rows:
        person = session.get_one(Subscriber, row.subscriber_id)
        email = _address(session, person, row)
        letter = ClaimedLetter(
            id=row.id,
            kind=row.kind,
            subscriber_id=row.subscriber_id,
            request_id=row.request_id,
            change_id=row.change_id,
            list_id=list_id,
            body=body,
            attempt=row.attempt + 1,
            owner=owner,
            email=email,
            name=person.name,
        )
        values: dict[str, Any] = {
            "state": str(BatchState.SENDING),
            "attempt": letter.attempt,
            "owner": owner,
            "lease_until": moment(session, now, LEASE_SECONDS),
        }
        if why := _why_not(session, email, row.kind):
            values = {"state": str(BatchState.FAILED), "detail": why}
        else:
            claimed.append(letter)
        session.execute(update(LETTER).where(LETTER.c.id == row.id).values(**values))
    return claimed


def answer(session: Session, letter: ClaimedLetter, result: SendResult, now: datetime) -> None:
    """Write down what became of a letter; nothing when its claim was swept meanwhile."""
    values: dict[str, Any]
    if result.status is SendStatus.LATER and letter.attempt < MOST_ATTEMPTS:
        wait = LATER_SECONDS[min(letter.attempt, len(LATER_SECONDS)) - 1]
        values = {
            "state": str(BatchState.PENDING),
            "not_before": now + timedelta(seconds=wait),
            "lease_until": None,
        }
    elif result.status is SendStatus.SUBMITTED:
        values = {"state": str(BatchState.SUBMITTED), "submitted_at": now}
    elif result.status is SendStatus.IN_DOUBT:
        values = {"state": str(BatchState.IN_DOUBT)}
    else:
        values = {"state": str(BatchState.FAILED)}
    session.execute(_fenced(letter).values(detail=result.detail, **values))


def put_back(session: Session, letters: Sequence[ClaimedLetter], why: str, until: datetime) -> None:
    """Let letters that surely reached nobody wait; their attempt is not counted."""
    for letter in letters:
        session.execute(
            _fenced(letter).values(
                state=str(BatchState.PENDING),
                attempt=letter.attempt - 1,
                not_before=until,
                lease_until=None,
                detail=why,
            )
        )


def renew(session: Session, owner: str, now: datetime) -> None:
    """Renew the lease of what a claim still has in hand; of what was swept nothing is changed."""
    session.execute(
        update(LETTER)
        .where(LETTER.c.owner == owner, LETTER.c.state == str(BatchState.SENDING))
        .values(lease_until=moment(session, now, LEASE_SECONDS))
    )


def due(session: Session, now: datetime) -> bool:
    """Return whether a letter is waiting to be sent now."""
    return session.scalar(_due(now).limit(1)) is not None


def sweep(database: Database, *, now: datetime, orphaned: bool = False) -> int:
    """Put letters whose sender died in doubt, and return how many; see dispatcher.sweep."""
    with database.read() as session:
        left = _left(session, now, orphaned)
        if session.scalar(select(LETTER.c.id).where(left).limit(1)) is None:
            return 0
    with database.begin() as session:
        swept = session.connection().execute(
            update(LETTER)
            .where(_left(session, now, orphaned))
            .values(state=str(BatchState.IN_DOUBT), detail="the worker died during the call")
        )
        return swept.rowcount


def _left(session: Session, now: datetime, orphaned: bool) -> ColumnElement[bool]:
    is_sending = LETTER.c.state == str(BatchState.SENDING)
    return is_sending if orphaned else is_sending & (LETTER.c.lease_until < moment(session, now))


def waiting(session: Session, now: datetime) -> bool:
    """Return whether a letter is due or on its way."""
    sending = select(LETTER.c.id).where(LETTER.c.state == str(BatchState.SENDING)).limit(1)
    return due(session, now) or session.scalar(sending) is not None


def _due(now: datetime) -> Any:
    return (
        select(LETTER.c.id)
        .where(
            LETTER.c.state == str(BatchState.PENDING),
            or_(LETTER.c.not_before.is_(None), LETTER.c.not_before <= now),
        )
        .order_by(LETTER.c.id)
    )


def _fenced(letter: ClaimedLetter) -> Any:
    return update(LETTER).where(
        LETTER.c.id == letter.id,
        LETTER.c.owner == letter.owner,
        LETTER.c.state == str(BatchState.SENDING),
    )


def _address(session: Session, person: Subscriber, row: Any) -> str:
    """Return where a letter goes; empty for whoever is erased, or whose change is forgotten."""
    if person.email is None or row.change_id is None:
        return person.email or ""
    change = session.get_one(AddressChange, row.change_id)
    return change.email if row.kind == LetterKind.NEW_ADDRESS else change.old_email


def _why_not(session: Session, email: str, kind: str) -> str:
    if not email:
        return ERASED
    # Who had everything erased is asked when they sign up anew: nobody else can bring them back.
    # Not so who complained or bounced: they are not mailed by a form again.
    asking = kind in (LetterKind.CONFIRM, LetterKind.NEW_ADDRESS)
    is_closed = store.is_barred if asking else store.is_suppressed
    return SUPPRESSED if is_closed(session, key_of(email)) else ""
