"""What is wrong with the letters as a whole, told to whoever keeps the house."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.letters.queue import ERASED, LETTER, SUPPRESSED
from newsletter.models import BatchState

# A letter is a matter of seconds: whoever waits so long should not have to.
SLOW = timedelta(minutes=10)
RECENTLY = timedelta(days=1)
# So many of the newest letters are looked at, and so many of those may fail for their own reasons.
NEWEST, FEW = 200, 4


def stuck(session: Session, now: datetime) -> str:
    """Say what is wrong with the letters as a whole, nothing when they go out.

    One that its receiver refuses is that person's matter, most of them are ours; names and
    addresses are not told.
    """
    told = []
    waiting = select(func.count(), func.min(LETTER.c.created_at)).where(
        LETTER.c.state == str(BatchState.PENDING), LETTER.c.created_at < now - SLOW
    )
    number, since = session.execute(waiting).one()
    if number:
        told.append(f"{number} letters wait, the oldest since {since:%Y-%m-%d %H:%M} UTC")
    doubtful = session.scalar(
        select(func.count()).where(
            LETTER.c.state == str(BatchState.IN_DOUBT), LETTER.c.created_at > now - RECENTLY
        )
    )
    if doubtful:
        told.append(f"{doubtful} letters of the last day are in doubt: no answer was written down")
    told += _failing(session, now)
    return "\n".join(told)


def _failing(session: Session, now: datetime) -> list[str]:
    """Say how many of the newest letters failed, where most of those that were sent did."""
    newest = (
        select(LETTER.c.state, LETTER.c.detail)
        .where(LETTER.c.created_at > now - RECENTLY)
        .order_by(LETTER.c.id.desc())
        .limit(NEWEST)
    )
    sent = [
        (state, detail)
        for state, detail in session.execute(newest)
        if state in (BatchState.SUBMITTED, BatchState.FAILED) and detail not in (SUPPRESSED, ERASED)
    ]
    why = [detail for state, detail in sent if state == BatchState.FAILED]
    if len(why) <= FEW or len(why) * 2 < len(sent):
        return []
    return [f"{len(why)} of the last {len(sent)} letters failed, the newest so: {why[0]}"]
