"""Whose clock counts for leases: PostgreSQL's where several machines meet, ours on SQLite."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, func, literal
from sqlalchemy.orm import Session

from subscribers.database import Instant


def moment(session: Session, now: datetime, after: float = 0.0) -> ColumnElement[Any]:
    """Return the moment `after` seconds from now, as an expression of the clock that counts."""
    if session.get_bind().dialect.name == "sqlite":
        return literal(now + timedelta(seconds=after), Instant())
    return func.clock_timestamp(type_=DateTime(timezone=True)) + timedelta(seconds=after)
