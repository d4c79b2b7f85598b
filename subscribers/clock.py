"""Whose clock counts for leases: PostgreSQL's where several machines meet, ours on SQLite."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, bindparam, func, literal
from sqlalchemy.orm import Session

from subscribers.database import Instant


def moment(session: Session, now: datetime, after: float = 0.0) -> ColumnElement[Any]:
    """Return the moment `after` seconds from now, as an expression of the clock that counts."""
    if session.get_bind().dialect.name == "sqlite":
        return literal(now + timedelta(seconds=after), Instant())
    return func.clock_timestamp(type_=DateTime(timezone=True)) + timedelta(seconds=after)


def bound(dialect: str, name: str, after: float = 0.0) -> ColumnElement[Any]:
    """Return that moment for a statement which is built once; `given` are its parameters."""
    if dialect == "sqlite":
        return bindparam(name, type_=Instant())
    return func.clock_timestamp(type_=DateTime(timezone=True)) + timedelta(seconds=after)


def given(dialect: str, name: str, now: datetime, after: float = 0.0) -> dict[str, datetime]:
    """Return the parameters of `bound`."""
    return {name: now + timedelta(seconds=after)} if dialect == "sqlite" else {}
