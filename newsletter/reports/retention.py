"""Reports are kept one by one for 90 days; then their counts stay, and name nobody.

The figures of an issue are the same before and after. Whoever is erased goes out of the reports at
once, in the same way.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from newsletter.message import EventType
from newsletter.models import EventPost, HitSegment, Issue, IssueFigures, StoredEvent, Tally
from newsletter.reports.counting import count, is_new
from newsletter.reports.domains import submitted
from newsletter.reports.figures import SUBMITTED, Figures, from_plain
from subscribers.database import Database, insert_into
from subscribers.models import Subscriber

KEPT = timedelta(days=90)
LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def figures_of(session: Session, issue: Issue) -> Figures:
    """Return an issue's figures: what was rolled up, and what is still kept one by one."""
    row = session.get(IssueFigures, issue.id)
    found = from_plain(row.figures) if row is not None else Figures()
    since = row.rolled_up_at if row is not None else None
    if since is None:
        found.people.update(submitted(session, issue))
    found.add(count(session, issue, _told(found), since=since))
    return found


def roll_up(database: Database, *, now: datetime) -> int:
    """Take in the reports of every issue that began 90 days ago; return how many issues.

    What names no issue, posts that could not be read, and how far a segment of the log of hits was
    read go after 90 days too: one that is written to lasts minutes.
    """
    nobodys = StoredEvent.issue_id.is_(None), StoredEvent.received_at < now - KEPT
    unread = EventPost.received_at < now - KEPT
    ended = HitSegment.at < now - KEPT
    with database.read() as session:
        due = session.scalars(_due(now)).all()
        late = session.scalars(_erased(now)).all()
        loose = session.scalar(
            select(or_(exists().where(*nobodys), exists().where(unread), exists().where(ended)))
        )
    for issue_id in due:
        with database.begin() as session:
            _snapshot(session)
            # Of several workers one does it; the others have something else to do.
            mine = select(Issue).where(Issue.id == issue_id)
            issue = session.scalar(mine.with_for_update(skip_locked=True, key_share=True))
            if issue is not None:
                _roll_up(session, issue, now)
    for person in late:
        with database.begin() as session:
            forget_person(session, person)
    if loose:
        with database.begin() as session:
            session.execute(delete(StoredEvent).where(*nobodys))
            session.execute(delete(EventPost).where(unread))
            session.execute(delete(HitSegment).where(ended))
    return len(due)


def forget_person(session: Session, person_id: int) -> None:
    """Take a person's reports into the figures of their issues and let go of them."""
    mine = _of(person_id)
    for issue_id in session.scalars(select(StoredEvent.issue_id).where(mine).distinct()).all():
        if issue_id is None:
            continue
        issue = session.get_one(Issue, issue_id)
        row = _row(session, issue_id)
        known = from_plain(row.figures)
        told = known if row.rolled_up_at is not None else Figures(submitted(session, issue))
        found = count(session, issue, _told(told), since=row.rolled_up_at, of=mine)
        known.add(found)
        row.figures = known.plain()
    session.execute(delete(StoredEvent).where(mine))
    session.flush()


def _roll_up(session: Session, issue: Issue, now: datetime) -> None:
    row = _row(session, issue.id)
    row.figures = figures_of(session, issue).plain()
    row.rolled_up_at = now
    mine = StoredEvent.issue_id == issue.id
    # Three issues in a row count (RULES WH-9), however rare a list's issues are: that mail
    # bounced, and why, stays; what the server said does not.
    session.execute(delete(StoredEvent).where(mine, StoredEvent.type != EventType.BOUNCED))
    session.execute(update(StoredEvent).where(mine).values(detail=""))
    session.execute(delete(Tally).where(Tally.issue_id == issue.id))
    session.flush()


def _row(session: Session, issue_id: int) -> IssueFigures:
    session.execute(
        insert_into(session, IssueFigures)
        .values(issue_id=issue_id, figures={})
        .on_conflict_do_nothing()
    )
    return session.get_one(IssueFigures, issue_id, with_for_update=True)


def _told(figures: Figures) -> list[str]:
    return [domain for domain, word in figures.people if word == SUBMITTED]


def _snapshot(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        # What comes while we count is neither counted nor let go.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _due(now: datetime) -> Select[int]:
    since = func.coalesce(IssueFigures.rolled_up_at, LONG_AGO)
    reports = exists().where(StoredEvent.issue_id == Issue.id, is_new(since))
    hits = exists().where(Tally.issue_id == Issue.id)
    return (
        select(Issue.id)
        .outerjoin(IssueFigures, IssueFigures.issue_id == Issue.id)
        .where(Issue.started_at < now - KEPT, or_(reports, hits))
        .order_by(Issue.id)
    )


def _of(person: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that a report is of a person; by issue, as the index has them."""
    return and_(StoredEvent.issue_id.in_(select(Issue.id)), StoredEvent.subscriber_id == person)


def _erased(now: datetime) -> Select[int]:
    """Select people of whom something was reported after they were erased."""
    return select(Subscriber.id).where(
        Subscriber.erased_at > now - KEPT, exists().where(_of(Subscriber.id))
    )
