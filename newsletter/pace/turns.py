"""Whose turn it is: one row for each rate, shared by all workers (GCRA)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select, update
from sqlalchemy.orm import Session

from newsletter.models import Turn
from subscribers.database import insert_into

ALL, LETTERS, QUOTA, PROVIDER = "all", "letters", "quota", "provider"
# Who looks a few times a second is not to lose what lies between two looks.
TOLERANCE = 0.25


def of_lane(lane: Any) -> Any:
    """Return the name of a domain's turn; takes a column too."""
    return "domain:" + lane


def of_issue(number: Any) -> Any:
    """Return the name of an issue's turn; takes a column of text too."""
    return "issue:" + number


def free(now: datetime, *names: Any) -> ColumnElement[bool]:
    """The condition that none of these turns is in the future."""
    return free_until(late(now), *names)


def free_until(moment: Any, *names: Any) -> ColumnElement[bool]:
    """The condition that none of these turns is later; takes a parameter, which `late` gives."""
    return ~exists().where(Turn.name.in_(names), Turn.at > moment)


def late(now: datetime) -> float:
    """Return the moment after which a turn is in the future."""
    return now.timestamp() + TOLERANCE


def take(
    session: Session, name: str, seconds: float, now: datetime, *, always: bool = False
) -> bool:
    """Move a turn on by so many seconds, and return whether it was free.

    One that is not stays where it is, unless `always`: then it moves, and whoever waits for it
    waits longer.
    """
    start = now.timestamp()
    moved = insert_into(session, Turn).values(name=name, at=start + seconds)
    moved = moved.on_conflict_do_update(
        index_elements=["name"],
        set_={"at": case((Turn.at > start, Turn.at), else_=start) + seconds},
        where=None if always else Turn.at <= start + TOLERANCE,
    )
    return session.scalar(moved.returning(Turn.name)) is not None


def hold_until(session: Session, name: str, at: float) -> None:
    """Let a turn be free at that moment (seconds since 1970) and not before."""
    later = case((Turn.at > at, Turn.at), else_=at)
    session.execute(
        insert_into(session, Turn)
        .values(name=name, at=at)
        .on_conflict_do_update(index_elements=["name"], set_={"at": later})
    )


def let_go(session: Session, name: str) -> None:
    """Let a turn that was held be free at once."""
    session.execute(
        update(Turn)
        .where(Turn.name == name)
        .values(at=0.0)
        .execution_options(synchronize_session=False)
    )


def held_until(session: Session, issue_id: int) -> datetime | None:
    """Return until when an issue has to wait for its turn, None when it never had one."""
    names = (ALL, QUOTA, of_issue(str(issue_id)))
    at = session.scalar(select(func.max(Turn.at)).where(Turn.name.in_(names)))
    return None if at is None else datetime.fromtimestamp(at, UTC)
