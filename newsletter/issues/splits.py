"""Recipients moved from one batch into a new one, before anybody mails them again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from newsletter.models import Batch, BatchState, Delivery, DeliveryException, Issue


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
