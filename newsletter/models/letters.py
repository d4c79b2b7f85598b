"""Letters: mails to one person that are no issue."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

import subscribers.models  # noqa: F401 (our keys refer to its tables)
from newsletter.models.states import BatchState
from subscribers.database import Base


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
