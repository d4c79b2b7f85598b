"""Rows of who may come in: admins with their sessions, API tokens, and tries to sign in.

Of every secret only a hash is kept. None of these rows is in a backup: what was taken away since
must not come back with one.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.database import Base


class Admin(Base):
    """Somebody who may see the admin's pages; `password` is an Argon2id hash (PHC string)."""

    __tablename__ = "admin"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 (read by SQLAlchemy)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]


class AdminSession(Base):
    """A browser in which an admin is signed in; `key_hash` is the SHA-256 of what its cookie says."""

    __tablename__ = "admin_session"
    __table_args__ = (Index("ix_admin_session_admin_id", "admin_id"),)

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    admin_id: Mapped[int] = mapped_column(ForeignKey("admin.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class ApiToken(Base):
    """A program's key to the API; `key_hash` is its SHA-256, `beginning` what a person may see.

    `used` counts the calls of the minute that began at `minute`.
    """

    __tablename__ = "api_token"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    beginning: Mapped[str]
    scopes: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    minute: Mapped[datetime | None]
    used: Mapped[int] = mapped_column(default=0)


class LoginAttempt(Base):
    """One try to sign in that did not succeed yet; `account` and `network` are keyed hashes."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account: Mapped[str]
    network: Mapped[str]


# None of them is in a backup.
NEVER_BACKED_UP = frozenset(
    table.__tablename__ for table in (Admin, AdminSession, ApiToken, LoginAttempt)
)
