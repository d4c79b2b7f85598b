"""Rows of lists, and of who is on them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.database import Base
from subscribers.models.states import CountedBy, OptIn, TrackingMode


class List(Base):
    """A newsletter people can subscribe to.

    Who gave no sign of life for `ask_after` days may be asked whether they still want it; 0: nobody.
    Who confirms within `latest_within` days of an issue gets that one too; 0: waits for the next.
    """

    __tablename__ = "list"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 (read by SQLAlchemy)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    sender_name: Mapped[str]
    sender_address: Mapped[str]
    reply_to: Mapped[str] = mapped_column(default="")
    postal_address: Mapped[str] = mapped_column(default="")
    privacy_url: Mapped[str] = mapped_column(default="")
    site_url: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    accent: Mapped[str] = mapped_column(default="#1f4fd8")
    layout: Mapped[str] = mapped_column(default="digest")
    logo_url: Mapped[str] = mapped_column(default="")
    public: Mapped[bool] = mapped_column(default=True)
    opt_in: Mapped[str] = mapped_column(default=OptIn.DOUBLE)
    welcome: Mapped[bool] = mapped_column(default=False)
    merge_fields: Mapped[bool] = mapped_column(default=False)
    click_tracking: Mapped[str] = mapped_column(default=TrackingMode.AGGREGATE)
    open_tracking: Mapped[str] = mapped_column(default=TrackingMode.AGGREGATE)
    counted_by: Mapped[str] = mapped_column(default=CountedBy.OWN)
    text_links: Mapped[bool] = mapped_column(default=False)
    utm: Mapped[bool] = mapped_column(default=False)
    latest_within: Mapped[int] = mapped_column(default=0)
    ask_after: Mapped[int] = mapped_column(default=0)
    consent_wording: Mapped[str] = mapped_column(default="")
    consent_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Subscription(Base):
    """A subscriber on a list. `request_id` is the latest `asked` line: older links are spent.

    `tracking_consent` is the current answer to whether the person may be counted by name (RULES
    L-1): None was never given, and is a no.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        # No IN: SQLite builds a tree of its values for every row that it checks.
        CheckConstraint(
            " OR ".join(
                f"state = '{state}'" for state in ("active", "pending", "paused", "unsubscribed")
            ),
            name="state",
        ),
        Index("ix_subscription_subscriber_id", "subscriber_id"),
        {"sqlite_with_rowid": False},
    )

    list_id: Mapped[int] = mapped_column(ForeignKey("list.id"), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), primary_key=True)
    state: Mapped[str]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    tracking_consent: Mapped[bool | None]
    joined_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
