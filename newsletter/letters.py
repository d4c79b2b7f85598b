"""Letters: a mail to one person, written as a row with what causes it, sent by the worker.

They have a lane of their own and never wait behind an issue. A letter's sealed name is that of
delivery (0, letter): no issue has number 0.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, or_, select, update
from sqlalchemy.orm import Session

from newsletter import issues, tracking
from newsletter.errors import NewsletterError, ProviderUnavailable
from newsletter.links import Goodbye, Links
from newsletter.message import Envelope, Mailbox, RenderedEmail, SendResult, SendStatus
from newsletter.models import BatchState, Letter, LetterBody, LetterKind
from newsletter.providers.protocol import Mailing, Provider
from subscribers import store
from subscribers.database import Database
from subscribers.database import now as system_clock
from subscribers.models import List, Subscriber

NO_ISSUE = 0
LEASE_SECONDS = 90.0
MOST_ATTEMPTS = 5
LATER = (60, 300, 900, 3600)
# How many are claimed at once: by a provider that goes step by step one, so that one is in doubt.
GROUP = 100
# When the provider refuses us, letters wait until a person has mended it.
REFUSED_SECONDS = 60
LETTER: Table = Letter.__table__  # type: ignore[assignment]


def write(
    session: Session,
    kind: LetterKind,
    list_: List,
    subscriber: Subscriber,
    body_hash: str,
    *,
    request_id: int | None = None,
    now: datetime,
) -> Letter:
    """Write a letter's row, in the transaction of what causes it; nobody is mailed here.

    `body_hash` names a LetterBody; `request_id` is the request that a CONFIRM letter asks about.
    """
    letter = Letter(
        kind=kind,
        list_id=list_.id,
        subscriber_id=subscriber.id,
        request_id=request_id,
        body=body_hash,
        created_at=now,
    )
    session.add(letter)
    session.flush()
    return letter


@dataclass(frozen=True, slots=True)
class _Claimed:
    """One letter on its way: what to fill in, and the name its claim bears."""

    id: int
    kind: str
    subscriber_id: int
    request_id: int | None
    list_id: int
    body: str
    attempt: int
    owner: str
    email: str
    name: str


class LetterSender:
    """Sends letters, oldest first; for one thread, which keeps the last body compiled."""

    def __init__(
        self,
        database: Database,
        links: Links,
        provider: Provider,
        *,
        name: str,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        self._database = database
        self._links = links
        self._provider = provider
        self._name = name
        self._numbers = itertools.count(1)
        self._clock = clock
        self._compiled: tuple[tuple[int, str], Mailing] | None = None

    def send_some(self) -> bool:
        """Claim the oldest letter (with a provider of whole calls: those like it) and send it."""
        now = self._clock()
        with self._database.read() as session:
            if session.scalar(_due(now).limit(1)) is None:
                return False
        with self._database.begin() as session:
            letters = self._claim(session, now)
        if letters:
            self._send(letters)
        return True

    def close(self) -> None:
        """Let go of the compiled letter and its connections."""
        if self._compiled is not None:
            self._compiled[1].close()
            self._compiled = None

    def _claim(self, session: Session, now: datetime) -> list[_Claimed]:
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
            .limit(1 if self._provider.stepwise else GROUP)
            .with_for_update(skip_locked=True)
        ).all()
        claimed = []
        for row in rows:
            person = session.get_one(Subscriber, row.subscriber_id)
            why = _why_not(session, person)
            owner = f"{self._name}/letter-{next(self._numbers)}"
            values: dict[str, Any] = (
                {"state": str(BatchState.FAILED), "detail": why}
                if why
                else {
                    "state": str(BatchState.SENDING),
                    "attempt": row.attempt + 1,
                    "owner": owner,
                    "lease_until": now + timedelta(seconds=LEASE_SECONDS),
                }
            )
            session.execute(update(LETTER).where(LETTER.c.id == row.id).values(**values))
            if not why:
                claimed.append(
                    _Claimed(
                        row.id,
                        row.kind,
                        row.subscriber_id,
                        row.request_id,
                        list_id,
                        body,
                        row.attempt + 1,
                        owner,
                        person.email or "",
                        person.name,
                    )
                )
        return claimed

    def _send(self, letters: Sequence[_Claimed]) -> None:
        done = 0
        called = False
        try:
            mailing = self._mailing(letters[0])
            envelopes = [self._envelope(letter) for letter in letters]
            called = True
            for letter, result in zip(letters, mailing.send(envelopes), strict=False):
                self._note(letter, result)
                done += 1
        except ProviderUnavailable as error:
            self._put_back(letters[done:], str(error), error.retry_after)
        except NewsletterError as error:
            self._put_back(letters[done:], str(error), REFUSED_SECONDS)
        except Exception as error:
            # A defect: whether the next one left is not known.
            what = f"{type(error).__name__}: {error}"
            for letter in letters[done:]:
                if called:
                    self._note(letter, SendResult(SendStatus.IN_DOUBT, what))
                else:
                    self._note(letter, SendResult(SendStatus.FAILED, what))
        else:
            for letter in letters[done:]:
                self._note(letter, SendResult(SendStatus.IN_DOUBT, "the provider said nothing"))

    def _mailing(self, letter: _Claimed) -> Mailing:
        key = letter.list_id, letter.body
        if self._compiled is not None and self._compiled[0] == key:
            return self._compiled[1]
        self.close()
        with self._database.read() as session:
            list_ = session.get_one(List, letter.list_id)
            body = session.get_one(LetterBody, letter.body)
            email = RenderedEmail(
                sender=Mailbox(list_.sender_address, list_.sender_name),
                subject=body.subject,
                html=body.html,
                text=body.text,
                reply_to=Mailbox(list_.reply_to) if list_.reply_to else None,
                headers=(("Auto-Submitted", "auto-generated"),),
            )
            slug = list_.slug
        addressed = tracking.address(email, self._links, list_slug=slug, key="")
        mailing = self._provider.prepare(addressed)
        self._compiled = key, mailing
        return mailing

    def _envelope(self, letter: _Claimed) -> Envelope:
        links, now = self._links, self._clock()
        headers: tuple[tuple[str, str], ...] = ()
        if letter.kind == LetterKind.CONFIRM:
            # Made now, not when the row was written: a letter that waited is as fresh as another.
            token = links.confirm_token(letter.request_id or 0, now)
            link = links.confirm(token)
        elif letter.kind == LetterKind.FRESH_LINK:
            token = links.fresh_token(letter.subscriber_id, now)
            link = links.manage(token)
        else:
            token = links.goodbye_token(Goodbye(letter.list_id, letter.subscriber_id, NO_ISSUE))
            link = links.preferences(token)
            headers = issues.list_headers(links, token)
        return Envelope(
            address=letter.email,
            name=letter.name,
            token=links.seal_delivery(NO_ISSUE, letter.id),
            values={"token": token, "link": link, "name": letter.name},
            headers=headers,
        )

    def _note(self, letter: _Claimed, result: SendResult) -> None:
        values: dict[str, Any]
        now = self._clock()
        if result.status is SendStatus.LATER and letter.attempt < MOST_ATTEMPTS:
            wait = LATER[min(letter.attempt, len(LATER)) - 1]
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
        with self._database.begin() as session:
            session.execute(_fenced(letter).values(detail=result.detail, **values))

    def _put_back(self, letters: Sequence[_Claimed], why: str, wait: float | None) -> None:
        """Let letters that reached nobody wait; their attempt is not counted."""
        with self._database.begin() as session:
            for letter in letters:
                until = self._clock() + timedelta(seconds=wait if wait is not None else 15)
                session.execute(
                    _fenced(letter).values(
                        state=str(BatchState.PENDING),
                        attempt=letter.attempt - 1,
                        not_before=until,
                        lease_until=None,
                        detail=why,
                    )
                )


def sweep(database: Database, *, now: datetime, orphaned: bool = False) -> int:
    """Put letters whose sender died in doubt, and return how many; see dispatcher.sweep."""
    left = LETTER.c.state == str(BatchState.SENDING)
    if not orphaned:
        left = left & (LETTER.c.lease_until < now)
    with database.read() as session:
        if session.scalar(select(LETTER.c.id).where(left).limit(1)) is None:
            return 0
    with database.begin() as session:
        swept = session.connection().execute(
            update(LETTER)
            .where(left)
            .values(state=str(BatchState.IN_DOUBT), detail="the worker died during the call")
        )
        return swept.rowcount


def waiting(session: Session, now: datetime) -> bool:
    """Return whether a letter is due or on its way."""
    due = session.scalar(_due(now).limit(1))
    sending = select(LETTER.c.id).where(LETTER.c.state == str(BatchState.SENDING)).limit(1)
    return due is not None or session.scalar(sending) is not None


def _due(now: datetime) -> Any:
    return (
        select(LETTER.c.id)
        .where(
            LETTER.c.state == str(BatchState.PENDING),
            or_(LETTER.c.not_before.is_(None), LETTER.c.not_before <= now),
        )
        .order_by(LETTER.c.id)
    )


def _fenced(letter: _Claimed) -> Any:
    return update(LETTER).where(
        LETTER.c.id == letter.id,
        LETTER.c.owner == letter.owner,
        LETTER.c.state == str(BatchState.SENDING),
    )


def _why_not(session: Session, person: Subscriber) -> str:
    if not person.email or person.email_key is None:
        return "erased"
    # Also who asks for a confirmation: whoever complained once is not mailed by a form again.
    return "suppressed" if store.is_suppressed(session, person.email_key) else ""
