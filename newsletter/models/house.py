"""What the house knows of itself: its name, its keys, its pace, who works, whom to tell."""

from datetime import datetime

from sqlalchemy import Double, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from subscribers.database import Base


class Instance(Base):
    """Which database this is, and how many batches were ever claimed in it; one row."""

    __tablename__ = "instance"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    claims: Mapped[int] = mapped_column(default=0)


class KeyFingerprint(Base):
    """A key that ever signed here; a ring that lacks one refuses to send."""

    __tablename__ = "key_fingerprint"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    first_used_at: Mapped[datetime]


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
