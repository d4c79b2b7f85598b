"""What one call costs: its turns are taken and its day is counted, or nothing is."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.pace.days import count_letters, give_back_of_day, take_of_day, tomorrow
from newsletter.pace.limits import Limits
from newsletter.pace.turns import (
    ALL,
    LETTERS,
    QUOTA,
    free,
    hold_until,
    let_go,
    of_issue,
    of_lane,
    take,
)


def spend(
    session: Session,
    limits: Limits,
    *,
    issue_id: int,
    lane: str,
    over: float | None,
    wanted: int,
    now: datetime,
) -> int:
    """Take the turns of a call to `wanted` recipients, and return how many may go now.

    0 when somebody else was first; when the day has no room, issues wait until tomorrow. `over`
    is the issue's own rate.
    """
    costs = list(_costs(limits, issue_id, lane, over))
    if not costs and not limits.counts_days:
        return wanted
    with session.begin_nested() as attempt:
        allowed = take_of_day(session, wanted, limits, now) if limits.counts_days else wanted
        if allowed and all(take(session, name, cost * allowed, now) for name, cost in costs):
            return allowed
        attempt.rollback()
    if not allowed:
        hold_until(session, QUOTA, tomorrow(now).timestamp())
    return 0


def pay_back(session: Session, number: int, paid_at: datetime) -> None:
    """Give the day its room back for recipients who were paid for, and whom nobody called.

    A rate has nothing to give back: time in which nothing was sent is not caught up with.
    """
    give_back_of_day(session, number, paid_at)
    ask_the_day_again(session)


def ask_the_day_again(session: Session) -> None:
    """Let issues try the day once more: its room, or the quota itself, may be another by now."""
    let_go(session, QUOTA)


def charge_letters(session: Session, limits: Limits, number: int, now: datetime) -> None:
    """Take the turns of some letters.

    Letters have the whole rate to themselves and wait for no issue: it waits for them.
    """
    # The day first, as an issue does: two orders would be a deadlock.
    if limits.counts_days:
        count_letters(session, number, now)
    if limits.rate is not None:
        for name in (LETTERS, ALL):
            take(session, name, number / limits.rate, now, always=True)


def letters_are_free(session: Session, now: datetime) -> bool:
    """Return whether a letter would have its turn; a look that takes nothing."""
    return bool(session.scalar(select(free(now, LETTERS))))


def _costs(
    limits: Limits, issue_id: int, lane: str, over: float | None
) -> Iterator[tuple[str, float]]:
    """Yield each turn a call takes, always in this order, and its seconds for one recipient."""
    if limits.rate:
        yield ALL, 1 / limits.rate
    if rate := limits.domains.get(lane):
        yield of_lane(lane), 1 / rate
    if over:
        yield of_issue(str(issue_id)), 1 / over
