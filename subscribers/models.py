"""The rows of the store: lists, subscribers, subscriptions, consent, suppressions."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.database import Base

# Keys are compared byte by byte: a language's order would find no prefix and merge no one.
KEY = String().with_variant(String(collation="C"), "postgresql")


class OptIn(StrEnum):
    """How people join: with a confirmation letter, or at once."""

    DOUBLE = "double"
    SINGLE = "single"


class TrackingMode(StrEnum):
    """What a list counts of clicks, or of opens; INDIVIDUAL only of people who agreed to it."""

    OFF = "off"
    AGGREGATE = "aggregate"
    INDIVIDUAL = "individual"


class CountedBy(StrEnum):
    """Who counts clicks and opens: we, or the provider that carries the mails."""

    OWN = "own"
    PROVIDER = "provider"


class SubscriptionState(StrEnum):
    """Where a subscription stands; only ACTIVE is mailed."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    UNSUBSCRIBED = "unsubscribed"


class ConsentKind(StrEnum):
    """What a line of evidence says."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    LEFT = "left"
    CAME_BACK = "came_back"
    PAUSED = "paused"
    RESUMED = "resumed"
    IMPORTED = "imported"
    KEPT = "kept"
    ADDED = "added"
    UNSUPPRESSED = "unsuppressed"
    CHANGED = "changed"
    STAYS = "stays"
    TRACKING_ALLOWED = "tracking_allowed"
    TRACKING_WITHDRAWN = "tracking_withdrawn"
    ERASED = "erased"


class SuppressionReason(StrEnum):
    """Why an address is not mailed, whoever asks."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    MANUAL = "manual"
    ERASED = "erased"


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


class Import(Base):
    """A file that people came from: what its lines of evidence have in common, and how far it is.

    `wording` is what whoever brought it said of these people's consent. `next_line` is where an
    import goes on that was cut off; `counts` are the report's so far, `report_bytes` how long the
    file of refused rows was then. `options` are those that the same import has again.
    """

    __tablename__ = "import"
    __table_args__ = (
        Index("ix_import_list_id_sha256", "list_id", "sha256"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("list.id"))
    file: Mapped[str]
    sha256: Mapped[str]
    origin: Mapped[str] = mapped_column(default="")
    wording: Mapped[str] = mapped_column(default="")
    actor: Mapped[str] = mapped_column(default="")
    options: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    next_line: Mapped[int] = mapped_column(default=1)
    report_bytes: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Consent(Base):
    """One line of evidence; append-only. An `asked` line is the request a confirm link names.

    `limit_key` of a request is a keyed hash that the spellings of one mailbox share; it counts
    letters, and never says who somebody is. What all people of a file share stands once, in their
    `import_id`; `import_line` is theirs.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_subscriber_id", "subscriber_id"),
        # Only of requests, for the limits of RULES S-2: an import adds a million other lines.
        Index(
            "ix_consent_limit_key",
            "limit_key",
            sqlite_where=text("kind = 'asked'"),
            postgresql_where=text("kind = 'asked'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("list.id"))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    via: Mapped[str] = mapped_column(default="")
    wording: Mapped[str] = mapped_column(default="")
    wording_version: Mapped[int | None]
    source: Mapped[str] = mapped_column(default="")
    ip: Mapped[str] = mapped_column(default="")
    user_agent: Mapped[str] = mapped_column(default="")
    limit_key: Mapped[str] = mapped_column(default="")
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id"))
    import_line: Mapped[int | None]


class Attempt(Base):
    """One sign-up, whoever it named: what the limits count, for an hour. `network` is a hash."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    network: Mapped[str]


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


class Suppression(Base):
    """An address that is not mailed whoever asks: what the mail system or a person taught us."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("email_key"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    email_key: Mapped[str] = mapped_column(KEY)
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
