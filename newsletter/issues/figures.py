"""How far an issue is, and what became of each person: derived from the ledger, never counted up."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.issues.packing import packed_people
from newsletter.models import (
    ITS_BATCH,
    ITS_EXCEPTION,
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
)
from subscribers.models import Subscriber

PAGE = 1000
UNCALLED = (DeliveryState.PENDING, DeliveryState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many recipients stand where; the states add up to `total`."""

    total: int
    pending: int
    sending: int
    submitted: int
    failed: int
    in_doubt: int
    skipped: int

    @property
    def open(self) -> int:
        """How many are still pending or on their way."""
        return self.pending + self.sending


class Recipient(NamedTuple):
    """One person's delivery; an erased person has no address any more.

    `variant` is the text that they got, or may have got: None for nobody who was called.
    Who is packed has the batch 0.
    """

    subscriber_id: int
    email: str | None
    name: str
    state: DeliveryState
    detail: str
    batch_no: int
    variant: int | None = None


def progress(session: Session, issue: Issue, variant: int | None = None) -> Progress:
    """Return how many recipients of an issue stand where, at this moment.

    With `variant` those alone whose batch was claimed for this text last.
    """
    counts = dict.fromkeys(DeliveryState, 0)
    mine = [Batch.issue_id == issue.id]
    if variant is not None:
        mine += [Batch.variant == variant, Batch.state != BatchState.PENDING]
    batches = session.execute(
        select(Batch.state, func.sum(Batch.n)).where(*mine).group_by(Batch.state)
    )
    for state, people in batches:
        counts[DeliveryState(state)] += people
    exceptions = session.execute(
        select(Batch.state, DeliveryException.state, func.count())
        .select_from(DeliveryException)
        .join(Delivery, ITS_EXCEPTION)
        .join(Batch, ITS_BATCH)
        .where(DeliveryException.issue_id == issue.id, *mine)
        .group_by(Batch.state, DeliveryException.state)
    )
    for of_batch, own, people in exceptions:
        counts[DeliveryState(of_batch)] -= people
        counts[DeliveryState(own)] += people
    for acked in session.scalars(
        select(Batch.acked).where(
            *mine,
            Batch.state == BatchState.SENDING,
            Batch.acked.is_not(None),
        )
    ):
        people = int.from_bytes(acked or b"").bit_count()
        counts[DeliveryState.SENDING] -= people
        counts[DeliveryState.SUBMITTED] += people
    return Progress(total=sum(counts.values()), **{str(state): n for state, n in counts.items()})


def recipients(
    session: Session, issue: Issue, state: DeliveryState | None = None
) -> Iterator[Recipient]:
    """Yield an issue's recipients by ascending subscriber, all or those in one state.

    Read in pages, so a million cost no memory; a page is one moment, two pages may be two.
    """
    last = -1
    while page := _page(session, issue.id, last):
        for found in page:
            if state is None or found.state == state:
                yield found
        last = page[-1].subscriber_id


def _page(session: Session, issue_id: int, last: int) -> list[Recipient]:
    rows = _page_of_rows(session, issue_id, last)
    found = session.execute(
        packed_people(issue_id)
        .where(Subscriber.id > last)
        .add_columns(Subscriber.email, Subscriber.name)
        .order_by(Subscriber.id)
        .limit(PAGE)
    )
    packed = [
        Recipient(person, email, name, DeliveryState.SUBMITTED, "", 0, 0)
        for person, email, name in found
    ]
    return sorted([*rows, *packed])[:PAGE]


def _page_of_rows(session: Session, issue_id: int, last: int) -> list[Recipient]:
    rows = session.execute(
        select(
            Delivery.subscriber_id,
            Subscriber.email,
            Subscriber.name,
            Delivery.batch_no,
            Batch.variant,
            Batch.state,
            Batch.detail,
            Batch.acked.is_not(None),
            DeliveryException.state,
            DeliveryException.detail,
        )
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .join(Batch, ITS_BATCH)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(Delivery.issue_id == issue_id, Delivery.subscriber_id > last)
        .order_by(Delivery.subscriber_id)
        .limit(PAGE)
    ).all()
    acked: dict[int, set[int]] = {}
    page = []
    for person, email, name, batch_no, variant, of_batch, why, has_acks, own, own_why in rows:
        state, detail = (own, own_why) if own else (of_batch, why)
        if not own and has_acks:
            if batch_no not in acked:
                acked[batch_no] = _acked(session, issue_id, batch_no)
            if person in acked[batch_no]:
                state, detail = DeliveryState.SUBMITTED, ""
        got = None if state in UNCALLED else variant
        page.append(Recipient(person, email, name, DeliveryState(state), detail, batch_no, got))
    return page


def _acked(session: Session, issue_id: int, batch_no: int) -> set[int]:
    bits = session.scalar(
        select(Batch.acked).where(Batch.issue_id == issue_id, Batch.batch_no == batch_no)
    )
    members = session.scalars(
        select(Delivery.subscriber_id)
        .where(Delivery.issue_id == issue_id, Delivery.batch_no == batch_no)
        .order_by(Delivery.subscriber_id)
    )
    return {person for at, person in enumerate(members) if is_acked(bits or b"", at)}


def is_acked(bits: bytes, at: int) -> bool:
    """Return whether the bitmap of a batch acknowledges its recipient at this place (from 0).

    The first recipient is the lowest bit of the first byte.
    """
    return at >> 3 < len(bits) and bool(bits[at >> 3] >> (at & 7) & 1)
