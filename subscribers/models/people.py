"""Rows of people and their addresses."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.database import Base

# Keys are compared byte by byte: a language's order would find no prefix and merge no one.
KEY = String().with_variant(String(collation="C"), "postgresql")


class Subscriber(Base):
    """A person's address. `email` is as typed, `email_key` what makes two addresses one.

    An erased person who was ever mailed leaves an empty row: both are NULL then.
    """

    __tablename__ = "subscriber"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None]
    email_key: Mapped[str | None] = mapped_column(KEY, unique=True)
    name: Mapped[str] = mapped_column(default="")
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    last_engaged_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class SubscriberTag(Base):
    """A word that somebody put on a person, in small letters."""

    __tablename__ = "subscriber_tag"
    __table_args__ = (Index("ix_subscriber_tag_tag", "tag", "subscriber_id"),)

    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(KEY, primary_key=True)


class AddressChange(Base):
    """A person's wish to get mail at another address, done when that address confirms it.

    The latest one of a person counts; `answered_at` says that it was done. Kept for 30 days.
    """

    __tablename__ = "address_change"
    __table_args__ = (
        Index("ix_address_change_subscriber_id", "subscriber_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"))
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(KEY)
    limit_key: Mapped[str]
    old_email: Mapped[str]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Suppression(Base):
    """An address that is not mailed whoever asks: what the mail system or a person taught us."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("email_key"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    email_key: Mapped[str] = mapped_column(KEY)
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
