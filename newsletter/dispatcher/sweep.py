"""What a dead worker left: its batches found by their leases, and told apart by the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from newsletter.dispatcher.claim import Claim, Claimed
from newsletter.dispatcher.conclusion import Ending, conclude
from newsletter.dispatcher.journal import STATUS
from newsletter.dispatcher.people import People
from newsletter.issues.figures import is_acked
from newsletter.issues.stepping import lock
from newsletter.message import SendResult, SendStatus
from newsletter.models import (
    ITS_EXCEPTION,
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    DeliveryState,
)
from subscribers.clock import moment
from subscribers.database import Database


def sweep(database: Database, *, who: str, now: datetime, orphaned: bool = False) -> int:
    """Settle every batch whose lease is over, and return how many there were.

    `orphaned`: all that are being sent, at once; only for who holds the file lock and so knows
    that nobody else sends. What may have been accepted is in doubt, the rest pending again.
    """
    with database.read() as session:
        left = session.execute(_left(session, now, orphaned)).all()
    swept = 0
    for issue_id, batch_no in left:
        with database.begin() as session:
            # The issue before the batch, as everywhere: two orders would be a deadlock.
            lock(session, issue_id)
            row = session.execute(
                _left(session, now, orphaned)
                .with_only_columns(Batch)
                .where(Batch.issue_id == issue_id, Batch.batch_no == batch_no)
                .with_for_update()
            ).scalar_one_or_none()
            if row is not None:
                _settle(session, row, who=who, now=now)
                swept += 1
    return swept


def _left(session: Session, now: datetime, orphaned: bool) -> Select[int, int]:
    left = select(Batch.issue_id, Batch.batch_no).where(Batch.state == BatchState.SENDING)
    return left if orphaned else left.where(Batch.lease_until < moment(session, now))


def _settle(session: Session, batch: Batch, *, who: str, now: datetime) -> None:
    places: list[int] = []
    results: list[SendResult] = []
    answered = gaps = unknown = 0
    members = _members(session, batch)
    for place, (_, state, detail) in enumerate(members):
        if state == DeliveryState.SKIPPED:
            continue
        places.append(place)
        if state is not None:
            results.append(SendResult(STATUS[DeliveryState(state)], detail))
        elif is_acked(batch.acked or b"", place):
            results.append(SendResult(SendStatus.SUBMITTED))
        else:
            results.append(SendResult(SendStatus.IN_DOUBT, "no answer was written down"))
            unknown += 1
            continue
        answered, gaps = len(results), unknown
    detail = f"{batch.owner} died or was stopped during the call"
    conclude(
        session,
        Claimed(
            Claim(batch.issue_id, batch.batch_no, batch.attempt, batch.owner),
            0,
            People.unread(places, [members[place][0] for place in places]),
            len(members),
        ),
        results[:answered],
        # Step by step and in order: only the next ones can have been on the wire, and none after
        # a gap, which says that the call came to its end.
        Ending(detail, doubtful=max(0, batch.at_once - gaps) if batch.at_once else None),
        noted=True,
        who=who,
        now=now,
    )


def _members(session: Session, batch: Batch) -> Sequence[Any]:
    return session.execute(
        select(Delivery.subscriber_id, DeliveryException.state, DeliveryException.detail)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Delivery.issue_id == batch.issue_id,
            Delivery.subscriber_id.between(batch.lo, batch.hi),
            Delivery.batch_no == batch.batch_no,
        )
        .order_by(Delivery.subscriber_id)
    ).all()
