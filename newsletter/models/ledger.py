"""Rows of what is sent: issues, the thin ledger, letters, pictures, and who works.

The ledger (ENGINE §2): a Batch holds the state of its recipients, a Delivery only says who is in
which batch (13 bytes on SQLite), a DeliveryException holds what is true of one recipient alone.
The view `delivery_state` joins them: coalesce(exception, acked, batch). Closed issues are packed
(`newsletter.models.packed`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    and_,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

import subscribers.models  # noqa: F401 (our keys refer to its tables)
from newsletter.models.packed import IS_PACKED
from newsletter.models.states import BatchState, IssueState
from subscribers.database import Base


class Issue(Base):
    """One digest rendered, on its way to one list; frozen from `scheduled` on.

    `html`, `text` and `personal_subject` (empty without any) hold merge fields, the first two slots, `links` the table [[number, url, label, story], …]. `first` is
    the first wave as it was asked for, `wave` the last one that may be claimed now (0: the first
    wave, 1: the rest too), `over` the seconds it is to take (0: any);
    `is_live`: what it shows was there, or nobody asks; `watched`: bounces and complaints pause it.
    `variant` counts the times its text was amended; `corrects` is the issue whose readers it is for.
    """

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("list_id", "key"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("list.id"))
    key: Mapped[str]
    source: Mapped[str]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default=IssueState.DRAFT)
    hold_reason: Mapped[str] = mapped_column(default="")
    subject: Mapped[str]
    personal_subject: Mapped[str] = mapped_column(default="")
    preheader: Mapped[str] = mapped_column(default="")
    html: Mapped[str]
    text: Mapped[str]
    links: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    list_slug: Mapped[str]
    list_name: Mapped[str]
    sender_name: Mapped[str]
    sender_address: Mapped[str]
    reply_to: Mapped[str] = mapped_column(default="")
    postal_address: Mapped[str]
    language: Mapped[str]
    click_tracking: Mapped[str] = mapped_column(default="off")
    open_tracking: Mapped[str] = mapped_column(default="off")
    counted_by: Mapped[str] = mapped_column(default="own")
    text_links: Mapped[bool] = mapped_column(default=False)
    utm: Mapped[bool] = mapped_column(default=False)
    web_url: Mapped[str] = mapped_column(default="")
    content_hash: Mapped[str]
    errors: Mapped[list[str]] = mapped_column(JSON, default=list)
    segment: Mapped[str] = mapped_column(default="")
    variant: Mapped[int] = mapped_column(default=0)
    corrects: Mapped[int | None]
    first: Mapped[str] = mapped_column(default="")
    wave: Mapped[int] = mapped_column(default=1)
    over: Mapped[int] = mapped_column(default=0)
    is_live: Mapped[bool] = mapped_column(default=True)
    watched: Mapped[bool] = mapped_column(default=True)
    recipients: Mapped[int] = mapped_column(default=0)
    resume_at: Mapped[datetime | None]
    scheduled_at: Mapped[datetime | None]
    rehearsed_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    packed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Variant(Base):
    """A text that an issue had until it was amended; where its links lead stands in the issue."""

    __tablename__ = "variant"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    subject: Mapped[str]
    personal_subject: Mapped[str] = mapped_column(default="")
    preheader: Mapped[str] = mapped_column(default="")
    html: Mapped[str]
    text: Mapped[str]
    content_hash: Mapped[str]
    amended_at: Mapped[datetime]


class IssueStep(Base):
    """One change of an issue's state: who did it, when and why. Append-only."""

    __tablename__ = "issue_step"
    __table_args__ = (Index("ix_issue_step_issue_id", "issue_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    at: Mapped[datetime]
    who: Mapped[str]
    step: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")


class TestSend(Base):
    """A test of one content: a test in one job counts for the send in another."""

    __tablename__ = "test_send"
    __table_args__ = (
        Index("ix_test_send_content_hash", "content_hash"),
        {"sqlite_autoincrement": True},
    )
    __test__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"))
    number: Mapped[int]
    content_hash: Mapped[str]
    to: Mapped[str]
    at: Mapped[datetime]


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
    stepwise: Mapped[bool] = mapped_column(default=False)
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


class Alert(Base):
    """Something that somebody has to be told: written with what causes it, sent by the worker.

    `cause` names it, so that it is told once; while `hold_reason` is not that of the issue any
    more, nobody needs to know. Each way that it went has its time.
    """

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("cause"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    cause: Mapped[str]
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issue.id"))
    hold_reason: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    text: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    posted_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


class LetterBody(Base):
    """A letter's rendering with holes, the same for everybody, kept once under its hash."""

    __tablename__ = "letter_body"

    hash: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    html: Mapped[str]
    text: Mapped[str]


class Letter(Base):
    """A mail to one person that is no issue; written with what causes it, sent by the worker."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_state", "state", "id"),
        Index("ix_letter_subscriber_id", "subscriber_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    list_id: Mapped[int] = mapped_column(ForeignKey("list.id"))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("address_change.id"))
    body: Mapped[str] = mapped_column(ForeignKey("letter_body.hash"))
    state: Mapped[str] = mapped_column(default=BatchState.PENDING)
    attempt: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    detail: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]


class StoredAsset(Base):
    """A picture of an issue, served immutable under its hash."""

    __tablename__ = "asset"

    name: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class KeyFingerprint(Base):
    """A key that ever signed here; a ring that lacks one refuses to send."""

    __tablename__ = "key_fingerprint"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    first_used_at: Mapped[datetime]


class Instance(Base):
    """Which database this is, and how many batches were ever claimed in it; one row."""

    __tablename__ = "instance"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    claims: Mapped[int] = mapped_column(default=0)


class Turn(Base):
    """From when on the next may go at one rate; all workers share it (`newsletter.pace`).

    `at` is in seconds since 1970; `failures` counts the trials in vain of a provider that is away.
    """

    __tablename__ = "turn"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[float] = mapped_column(Double)
    failures: Mapped[int] = mapped_column(default=0)


class SentDay(Base):
    """How many recipients of issues, and how many letters, a day saw; the day is one of UTC."""

    __tablename__ = "sent_day"

    day: Mapped[str] = mapped_column(primary_key=True)
    issues: Mapped[int] = mapped_column(default=0)
    letters: Mapped[int] = mapped_column(default=0)


class WorkerSeen(Base):
    """A process that sends, and when it last said so."""

    __tablename__ = "worker_seen"

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


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
