"""A provider that is away, known to all workers: nobody calls until it is time to try again.

One failure counts for all calls that were under way with it. When the wait is over, one call
tries; what comes of it opens the way for everybody or doubles the wait.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from newsletter.models import Turn
from newsletter.pace.turns import LETTERS, PROVIDER, TOLERANCE, hold_until, take
from subscribers.database import insert_into

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 600.0
PERSISTS = 3
# Whoever tries and dies of it keeps the others waiting for so long.
TRIAL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Outage:
    """How long to leave a provider alone, and whether that persists, so that a person is told."""

    seconds: float
    persists: bool


def is_open(session: Session) -> bool:
    """Return whether the last that was heard of the provider is that it is away."""
    return bool(session.connection().scalar(failures()))


@cache
def failures() -> Select[int]:
    """Return the SELECT of how often it was away since it last was there: none, or 0, or more."""
    return select(Turn.failures).where(Turn.name == PROVIDER)


def take_trial(session: Session, now: datetime) -> bool:
    """Return whether the caller is the one who tries a provider that was away."""
    return take(session, PROVIDER, TRIAL_SECONDS, now)


def failed(session: Session, *, retry_after: float | None, is_trial: bool, now: datetime) -> Outage:
    """Count a call that reached nobody, and return what that means.

    The provider's own word counts, for letters too; else the wait doubles from a second to ten
    minutes, less a random part, so that many houses do not come back at once.
    """
    start = now.timestamp()
    # What the provider asks for is kept to the full: nobody is early.
    asked = None if retry_after is None else start + retry_after + TOLERANCE
    session.execute(
        insert_into(session, Turn).values(name=PROVIDER, at=0.0).on_conflict_do_nothing()
    )
    turn = session.get_one(Turn, PROVIDER, with_for_update=True, populate_existing=True)
    if is_trial or not turn.failures:
        turn.failures += 1
        doubled = min(FIRST_SECONDS * 2 ** (turn.failures - 1), LONGEST_SECONDS)
        wait = doubled * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
        turn.at = start + wait if asked is None else asked
    elif asked is not None:
        turn.at = max(turn.at, asked)
    session.flush()
    if asked is not None:
        hold_until(session, LETTERS, turn.at)
    return Outage(max(turn.at - start, 0.0), turn.failures >= PERSISTS)


def answered(session: Session) -> None:
    """Let everybody call again: the provider is there."""
    session.execute(
        update(Turn)
        .where(Turn.name == PROVIDER, Turn.failures > 0)
        .values(at=0.0, failures=0)
        .execution_options(synchronize_session=False)
    )
