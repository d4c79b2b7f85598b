"""The thin ledger (ENGINE §2): what became of whom.

A Batch holds the state of its recipients, a Delivery only says who is in which batch (13 bytes on
SQLite), a DeliveryException holds what is true of one recipient alone. The view `delivery_state`
joins them: coalesce(exception, acked, batch). Closed issues are packed (`newsletter.models.packed`).
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    and_,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

import subscribers.models  # noqa: F401 (our keys refer to its tables)
from newsletter.models.packed import IS_PACKED
from newsletter.models.states import BatchState
from subscribers.database import Base


class Batch(Base):
    """The recipients of one provider call, and its state.

    `lo`..`hi` bound its subscriber ids; `wave` is 0 for those who go first,
    `lane` the domain that all of them are at, when it has a rate of its own; `acked` is a bitmap over them in ascending order, written
    by providers that acknowledge one by one. `parent` is the batch this one was split from,
    `variant` the text of its last claim.
    """

    __tablename__ = "batch"
    __table_args__ = (
        CheckConstraint(
            "state IN ('pending','sending','submitted','failed','in_doubt')", name="state"
        ),
        Index("ix_batch_state", "state", "issue_id", "batch_no"),
    )

    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    batch_no: Mapped[int] = mapped_column(primary_key=True)
    lo: Mapped[int]
    hi: Mapped[int]
    n: Mapped[int]
    wave: Mapped[int] = mapped_column(default=1)
    lane: Mapped[str] = mapped_column(default="")
    variant: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default=BatchState.PENDING)
    attempt: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    provider: Mapped[str] = mapped_column(default="")
    # How many of it may be without their answer at a death; 0: all.
    at_once: Mapped[int] = mapped_column(default=0)
    acked: Mapped[bytes | None] = mapped_column(LargeBinary)
    parent: Mapped[int | None]
    not_before: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None]


class Delivery(Base):
    """One issue to one subscriber; the primary key is the promise that nobody is mailed twice."""

    __tablename__ = "delivery"
    __table_args__ = (
        ForeignKeyConstraint(["issue_id", "batch_no"], ["batch.issue_id", "batch.batch_no"]),
        {"sqlite_with_rowid": False},
    )

    issue_id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), primary_key=True)
    batch_no: Mapped[int]


class DeliveryException(Base):
    """What is true of one recipient and not of the batch."""

    __tablename__ = "delivery_exception"
    __table_args__ = (
        ForeignKeyConstraint(
            ["issue_id", "subscriber_id"], ["delivery.issue_id", "delivery.subscriber_id"]
        ),
    )

    issue_id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


# What belongs to a delivery, and its state: its own where it has one, else that of its batch.
ITS_BATCH = and_(Batch.issue_id == Delivery.issue_id, Batch.batch_no == Delivery.batch_no)
ITS_EXCEPTION = and_(
    DeliveryException.issue_id == Delivery.issue_id,
    DeliveryException.subscriber_id == Delivery.subscriber_id,
)
ITS_STATE = func.coalesce(DeliveryException.state, Batch.state)

# name → the tables it needs, and its definition; every migration makes the views anew.
VIEWS: dict[str, tuple[frozenset[str], str]] = {
    "delivery_state": (
        frozenset({"batch", "delivery", "delivery_exception", "packed_delivery"}),
        "SELECT d.issue_id, d.subscriber_id, d.batch_no, coalesce(e.state, b.state) AS state "
        "FROM delivery AS d "
        "JOIN batch AS b ON b.issue_id = d.issue_id AND b.batch_no = d.batch_no "
        "LEFT JOIN delivery_exception AS e "
        "ON e.issue_id = d.issue_id AND e.subscriber_id = d.subscriber_id "
        "UNION ALL SELECT p.issue_id, s.id, 0, 'submitted' "
        "FROM packed_delivery AS p JOIN subscriber AS s ON " + IS_PACKED,
    )
}
