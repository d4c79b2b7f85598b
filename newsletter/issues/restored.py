"""A database that was put back from yesterday: nothing leaves until a person says so (RULES R-5)."""

from datetime import datetime

from sqlalchemy import inspect, select, text, update
from sqlalchemy.orm import Session

from newsletter.issues.life import pause
from newsletter.models import BatchState, HoldReason, Issue, IssueState, Letter

# Far more than anybody gives out between two backups, and little in a link.
SKIPPED = 1 << 20


def hold_restored(session: Session, *, detail: str, who: str, now: datetime) -> int:
    """Pause every issue that would leave, and put waiting letters in doubt; return how many issues.

    Numbers given out since the copy was made are never given again: old links name them.
    """
    open_states = (IssueState.SCHEDULED, IssueState.SENDING)
    held = session.scalars(select(Issue).where(Issue.state.in_(open_states))).all()
    for issue in held:
        pause(session, issue, reason=HoldReason.RESTORED, detail=detail, who=who, now=now)
    session.execute(
        update(Letter)
        .where(Letter.state.in_((BatchState.PENDING, BatchState.SENDING)))
        .values(state=BatchState.IN_DOUBT, detail="it may have left after the copy was made")
    )
    skip_ids(session)
    return len(held)


def skip_ids(session: Session) -> None:
    """Let every table's next number be far beyond those it may have given out elsewhere."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        session.execute(
            text("UPDATE sqlite_sequence SET seq = seq + :skipped"), {"skipped": SKIPPED}
        )
        return
    for name in inspect(connection).get_sequence_names():
        if not name.startswith("procrastinate_"):
            session.execute(
                text(
                    "SELECT setval(CAST(:name AS regclass), nextval(CAST(:name AS regclass)) + :n)"
                ),
                {"name": name, "n": SKIPPED},
            )
