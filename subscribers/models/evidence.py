"""Rows of what people asked for and agreed to: sign-ups, lines of consent, files they came from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.database import Base


class Attempt(Base):
    """One sign-up, whoever it named: what the limits count, for an hour. `network` is a hash."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    network: Mapped[str]


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
