"""Rows of what came of it: events on deliveries, counts of hits, how far their log was read."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.database import Base

TROUBLE = text("type IN ('bounced', 'rejected', 'complained')")


class StoredEvent(Base):
    """One outside report on a delivery, recorded once; nobody's address stands in it.

    `link` and `visitor` are those of an open (link 0) or a click, `cause` that of a bounce.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_event_issue_id_subscriber_id", "issue_id", "subscriber_id"),
        # Few rows: what is looked at every few seconds while an issue is sent.
        Index(
            "ix_event_trouble",
            "issue_id",
            "type",
            sqlite_where=TROUBLE,
            postgresql_where=TROUBLE,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    source_id: Mapped[str]
    type: Mapped[str]
    issue_id: Mapped[int | None]
    subscriber_id: Mapped[int | None]
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    detail: Mapped[str] = mapped_column(default="")
    link: Mapped[int | None]
    visitor: Mapped[str] = mapped_column(default="")
    cause: Mapped[str] = mapped_column(default="")


class EventPost(Base):
    """A post of events as it came, until it is read; one that cannot be read stays, with why.

    `attempts` counts the readings that ended in a defect.
    """

    __tablename__ = "event_post"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 (read by SQLAlchemy)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")


class Tally(Base):
    """How many hits an issue had on a link in an hour, by who made them and why that is thought.

    `link` 0 is the pixel. No person and no network stands here.
    """

    __tablename__ = "tally"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    link: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    visitor: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]


class IssueFigures(Base):
    """What is left of an issue's reports that are kept one by one no more: counts of nobody.

    `rolled_up_at` is when all of them were taken in; until then only those of people who were
    erased are.
    """

    __tablename__ = "issue_figures"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rolled_up_at: Mapped[datetime | None]


class HitSegment(Base):
    """How far a segment of the log of hits was read; it stays for 90 days after the file is gone."""

    __tablename__ = "hit_segment"

    name: Mapped[str] = mapped_column(primary_key=True)
    offset: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
