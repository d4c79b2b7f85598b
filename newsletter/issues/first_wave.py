"""The first wave: a small random part goes first, and the rest waits for what becomes of it."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from newsletter.errors import IssueError
from newsletter.issues.feedback import Feedback, feedback, reported
from newsletter.issues.stepping import log
from newsletter.models import Batch, BatchState, HoldReason, Issue, IssueState

FIRST, REST = 0, 1
# Below this a wave would be most of the issue.
FROM_PEOPLE = 2000
AT_LEAST = 500
PERCENT = 1
ENOUGH = 0.8
LONGEST = timedelta(minutes=20)
_WRITTEN = re.compile(r"(\d{1,9})(%?)")


def size_of(written: str, people: int, *, hears: bool) -> int:
    """Return how many of an audience go first: `N`, `N%`, `0`, or by rule where nothing is written.

    By rule: max(500, 1 %) of more than 2,000, where the house `hears` what became of them. 0 when
    nobody would be left for later. Raises IssueError for what is neither.
    """
    if not written:
        wanted = max(AT_LEAST, math.ceil(people * PERCENT / 100))
        return wanted if hears and people > FROM_PEOPLE else 0
    found = _WRITTEN.fullmatch(written)
    if found is None or (found[2] and int(found[1]) > 100):
        raise IssueError(f"--first {written} is no size", "--first 500, --first 2% or --first 0")
    number = int(found[1])
    wanted = math.ceil(people * number / 100) if found[2] else number
    return wanted if wanted < people else 0


@dataclass(frozen=True, slots=True)
class FirstWave:
    """Where a first wave stands: `since` when its last call was made, None while it is going out.

    `told`: of how many the fate is known.
    """

    people: int
    told: int
    since: datetime | None
    feedback: Feedback

    def is_over(self, now: datetime) -> bool:
        """Return whether enough is known, or was waited for."""
        if self.since is None:
            return False
        return self.told >= ENOUGH * self.people or now >= self.since + LONGEST

    def judgement(self, *, hears: bool) -> tuple[HoldReason | None, str]:
        """Return why the rest must not follow (None: it may), and what was seen."""
        seen = f"{self.told:,} of {self.people:,} reported: {self.feedback}"
        if hears and not self.told and self.people:
            return HoldReason.FIRST_WAVE, f"no report came, is the webhook set up? {seen}"
        return self.feedback.broken(judged_from=1), seen


def first_wave(session: Session, issue: Issue) -> FirstWave | None:
    """Return the first wave of an issue whose rest still waits, None when there is none."""
    if issue.wave != FIRST or issue.frozen_at is None:
        return None
    mine = Batch.issue_id == issue.id, Batch.wave == FIRST
    people, last = session.execute(
        select(func.sum(Batch.n), func.max(Batch.submitted_at)).where(*mine)
    ).one()
    # Who was refused for now is tried again in time; the others do not wait for that.
    going = and_(Batch.state == BatchState.PENDING, Batch.attempt == 0)
    out = select(Batch.batch_no).where(*mine, or_(Batch.state == BatchState.SENDING, going))
    is_out = session.scalar(out.limit(1)) is None
    since = (last or issue.started_at) if is_out else None
    return FirstWave(people or 0, reported(session, issue), since, feedback(session, issue))


def open_rest(session: Session, issue: Issue, *, detail: str, who: str, now: datetime) -> bool:
    """Let everybody else follow, and return whether this did it."""
    opened = session.execute(
        update(Issue)
        .where(Issue.id == issue.id, Issue.state == IssueState.SENDING, Issue.wave == FIRST)
        .values(wave=REST, updated_at=now)
        .returning(Issue.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if opened is None:
        return False
    session.refresh(issue)
    log(session, issue, "first wave", who=who, now=now, detail=detail)
    session.flush()
    return True
