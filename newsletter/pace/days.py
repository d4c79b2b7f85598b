"""What went on each day, counted in UTC: for the daily quota and the warm-up."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from newsletter.models import SentDay
from newsletter.pace.limits import Limits
from subscribers.database import insert_into

# Of each day's quota so much is kept for letters.
RESERVE = 0.05


def take_of_day(session: Session, wanted: int, limits: Limits, now: datetime) -> int:
    """Count recipients of an issue, and return how many of those wanted today has room for."""
    day = _day(now)
    earlier = session.scalar(select(func.count()).where(SentDay.day < day, SentDay.issues > 0))
    most = limits.of_day(earlier or 0)
    if most is None:
        return wanted
    counted = session.execute(_counted(session, day, issues=wanted)).one()
    # Of a quota of one nothing is kept, or no issue would ever go.
    kept = min(math.ceil(most * RESERVE), most - 1)
    reserve = max(kept, counted.letters)
    allowed: int = min(max(most - reserve - (counted.issues - wanted), 0), wanted)
    if allowed < wanted:
        session.execute(_counted(session, day, issues=allowed - wanted))
    return allowed


def give_back_of_day(session: Session, number: int, paid_at: datetime) -> None:
    """Take recipients whom nobody called off the day on which they were counted.

    One that counted nobody has no row, and gets none.
    """
    left = case((SentDay.issues > number, SentDay.issues - number), else_=0)
    session.execute(
        update(SentDay)
        .where(SentDay.day == _day(paid_at))
        .values(issues=left)
        .execution_options(synchronize_session=False)
    )


def count_letters(session: Session, number: int, now: datetime) -> None:
    """Count letters: they are sent whatever the quota, and issues get the less."""
    session.execute(_counted(session, _day(now), letters=number))


def tomorrow(now: datetime) -> datetime:
    """Return the moment at which the next day begins."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _counted(session: Session, day: str, *, issues: int = 0, letters: int = 0) -> Any:
    return (
        insert_into(session, SentDay)
        .values(day=day, issues=issues, letters=letters)
        .on_conflict_do_update(
            index_elements=["day"],
            set_={"issues": SentDay.issues + issues, "letters": SentDay.letters + letters},
        )
        .returning(SentDay.issues, SentDay.letters)
    )
