"""A counted link of a mail that is out gets another target; the mails themselves stay as they are."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from newsletter.errors import IssueError
from newsletter.issues.stepping import log
from newsletter.message import Link
from newsletter.models import Issue
from newsletter.tracking import is_counted
from subscribers.models import CountedBy, TrackingMode

LONGEST = 2_000
STEP = "repointed"


def links_of(issue: Issue) -> list[Link]:
    """Return an issue's links by number, each with where it leads now."""
    return [Link(*row) for row in issue.links]


def leads_through_us(issue: Issue, link: Link) -> bool:
    """Say whether a link of mails that are out is ours to turn: it is counted, and by us."""
    return counts_clicks(issue) and is_counted(link)


def counts_clicks(issue: Issue) -> bool:
    """Say whether the counted links of an issue lead through us."""
    return issue.click_tracking != TrackingMode.OFF and issue.counted_by == CountedBy.OWN


def repointable(issue: Issue, number: int, url: str) -> Link:
    """Return the link that may be made to lead to another address.

    Raises IssueError for an issue that has not begun, a link that does not lead through us, and an
    address that is no page of the web (RULES S-7).
    """
    if issue.started_at is None:
        raise IssueError(f"{issue.key} has not begun", "mend the post, and test it again")
    link = next((one for one in links_of(issue) if one.number == number), None)
    if link is None:
        raise IssueError(
            f"{issue.key} has no link {number}", f"newsletter show {issue.key} --links"
        )
    if not counts_clicks(issue):
        counted = "not counted" if issue.click_tracking == TrackingMode.OFF else "its provider's"
        raise IssueError(
            f"the mails of {issue.key} hold the addresses themselves: its clicks are {counted}",
            "put a redirect at the old address",
        )
    if not is_counted(link):
        raise IssueError(
            f"link {number} says its own address and so holds it",
            "put a redirect at the old address",
        )
    _require_page(url)
    return link


def repoint(
    session: Session, issue: Issue, number: int, url: str, *, who: str, now: datetime
) -> Link:
    """Let a link lead to another address from now on, also in mails that are out; return it.

    Raises IssueError where it is not `repointable`.
    """
    session.refresh(issue, with_for_update=True)
    link = repointable(issue, number, url)
    turned = replace(
        link, url=url, changed_at=now.isoformat(timespec="seconds"), was=link.was or link.url
    )
    # A new list: a change within a JSON column is not seen.
    issue.links = [_row(turned if one.number == number else one) for one in links_of(issue)]
    log(session, issue, STEP, who=who, now=now, detail=f"link {number}: {link.url} → {url}")
    issue.updated_at = now
    session.flush()
    return turned


def _row(link: Link) -> list[object]:
    row: list[object] = [link.number, link.url, link.label, link.story]
    return [*row, link.changed_at, link.was] if link.changed_at else row


def _require_page(url: str) -> None:
    """Refuse what is no whole address of a web page, or could be read as another one."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise IssueError(f"{url!r} is no address", "https://…") from None
    if parts.scheme not in ("http", "https") or not host:
        raise IssueError(f"{url!r} is no address of a web page", "https://…")
    odd = not url.isprintable() or any(one.isspace() or one in '\\"<>' for one in url)
    if odd or "@" in parts.netloc or len(url) > LONGEST:
        raise IssueError(f"{url[:100]!r} is odd for an address", "write it as a browser shows it")
