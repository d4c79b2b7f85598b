"""Recipients moved from one batch into a new one, before anybody mails them again."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, delete, false, func, insert, select, update
from sqlalchemy.orm import Session

from newsletter.models import (
    ITS_EXCEPTION,
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    Issue,
)
from subscribers.models import Subscription


def split(
    session: Session, issue_id: int, people: Sequence[int], *, parent: int | None, **values: Any
) -> int:
    """Move some recipients (ascending ids) into a new pending batch and return its number.

    What was true of them alone is forgotten: they are as pending as their batch. They keep the
    wave and lane of `parent`; without one they go with the rest. The caller holds the issue's row
    (`lock`) and keeps `n` of the batches they leave.
    """
    number = 1 + (
        session.scalar(select(func.max(Batch.batch_no)).where(Batch.issue_id == issue_id)) or 0
    )
    if parent is not None:
        values["wave"], values["lane"] = session.execute(
            select(Batch.wave, Batch.lane).where(
                Batch.issue_id == issue_id, Batch.batch_no == parent
            )
        ).one()
    session.execute(
        insert(Batch).values(
            issue_id=issue_id,
            batch_no=number,
            lo=people[0],
            hi=people[-1],
            n=len(people),
            state=BatchState.PENDING,
            parent=parent,
            **values,
        )
    )
    session.execute(
        update(Delivery)
        .where(Delivery.issue_id == issue_id, Delivery.subscriber_id.in_(people))
        .values(batch_no=number)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(DeliveryException)
        .where(DeliveryException.issue_id == issue_id, DeliveryException.subscriber_id.in_(people))
        .execution_options(synchronize_session=False)
    )
    return number


def cut(session: Session, issue_id: int, batch_no: int, most: int) -> None:
    """Move all but the first `most` recipients of a pending batch into a new one.

    The caller holds the batch's row, and does not hold the issue's.
    """
    session.execute(select(Issue.id).where(Issue.id == issue_id).with_for_update())
    batch = session.get_one(Batch, (issue_id, batch_no), populate_existing=True)
    people = session.scalars(
        select(Delivery.subscriber_id)
        .where(
            Delivery.issue_id == issue_id,
            Delivery.subscriber_id.between(batch.lo, batch.hi),
            Delivery.batch_no == batch_no,
        )
        .order_by(Delivery.subscriber_id)
    ).all()
    split(session, issue_id, people[most:], parent=batch_no, attempt=batch.attempt)
    batch.hi, batch.n = people[most - 1], most
    session.flush()


def part_by_consent(session: Session, issue_id: int, batch_no: int) -> int:
    """Leave those who agreed to be counted by name and those who did not in batches apart.

    A provider counts a whole call or nothing of it. The fewer of them move out of this pending
    batch; returns how many stay. The caller holds the batch's row, and does not hold the issue's.
    """
    batch = session.get_one(Batch, (issue_id, batch_no), populate_existing=True)
    agreed = func.coalesce(Subscription.tracking_consent, false())
    people = session.execute(
        select(Delivery.subscriber_id, agreed, DeliveryException.state.is_(None))
        .join(Issue, Issue.id == Delivery.issue_id)
        .outerjoin(
            Subscription,
            and_(
                Subscription.list_id == Issue.list_id,
                Subscription.subscriber_id == Delivery.subscriber_id,
            ),
        )
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Delivery.issue_id == issue_id,
            Delivery.subscriber_id.between(batch.lo, batch.hi),
            Delivery.batch_no == batch_no,
        )
        .order_by(Delivery.subscriber_id)
    ).all()
    # Who was skipped stays: of them there is nothing more to be done.
    kinds = [
        [person for person, its, is_open in people if is_open and bool(its) is kind]
        for kind in (True, False)
    ]
    fewer = min(kinds, key=len)
    if not fewer:
        return batch.n
    session.execute(select(Issue.id).where(Issue.id == issue_id).with_for_update())
    split(session, issue_id, fewer, parent=batch_no, attempt=batch.attempt)
    moved = set(fewer)
    rest = [person for person in map(itemgetter(0), people) if person not in moved]
    batch.lo, batch.hi, batch.n = rest[0], rest[-1], len(rest)
    session.flush()
    return batch.n
