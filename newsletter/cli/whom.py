"""Whom a send would reach: counted, and said in words."""

from typing import TYPE_CHECKING

from newsletter.cli import console
from newsletter.errors import IssueError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from newsletter.models import Issue
    from subscribers.models import List


def corrected(session: "Session", list_: "List", name: str) -> "Issue | None":
    """Return the issue that `--to-reached` names; raises IssueError while it is on its way."""
    from newsletter import issues

    if not name:
        return None
    first = issues.find_issue(session, name if "/" in name else f"{list_.slug}/{name}")
    if first.list_id != list_.id:
        raise IssueError(f"{name} went to another list", f"a correction goes to {list_.slug}")
    issues.require_still(session, first)
    doubtful = issues.progress(session, first).in_doubt
    if doubtful:
        console.warn(
            f"! {console.people(doubtful)} in doubt may have {first.key} and are left out: "
            f"newsletter settle {list_.slug}/{first.key} first"
        )
    return first


def count(session: "Session", list_: "List", segment: str, corrects: "Issue | None") -> int:
    """Count who would get an issue now."""
    from sqlalchemy import and_, true

    from newsletter import engagement, issues
    from subscribers import store

    narrowed = engagement.narrowed(session, list_, segment)
    if corrects is not None:
        narrowed = and_(true() if narrowed is None else narrowed, issues.reached(corrects))
    return store.count_audience(session, list_.id, narrowed)


def narrowed_to(segment: str, corrects: "Issue | None") -> str:
    """Say whom of a list, nothing for all of them."""
    from newsletter.engagement import told

    which = f", {told(segment)}" if segment else ""
    return which + (f", those whom {corrects.key} reached" if corrects else "")
