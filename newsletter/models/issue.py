"""An issue as it is frozen: its texts, its pictures, its log and its tests."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

import subscribers.models  # noqa: F401 (our keys refer to its tables)
from newsletter.models.states import IssueState
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


class StoredAsset(Base):
    """A picture of an issue, served immutable under its hash."""

    __tablename__ = "asset"

    name: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary)


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
