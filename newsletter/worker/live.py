"""Nothing leaves before it can be read: the post, its pictures, and the way out of the list.

Asked when an issue is due, over the addresses that its readers will have, and with no transaction
open. What is missing holds the issue (`not-live`), and is asked for again each minute.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.orm import Session

from newsletter import issues, tracking
from newsletter.app import App
from newsletter.errors import IssueError
from newsletter.fetch import Answer, IPAddress, Network, ask
from newsletter.issues.life import LATE_AFTER
from newsletter.issues.stepping import lock
from newsletter.links import NOBODY, Goodbye
from newsletter.models import HoldReason, Issue, IssueState

AGAIN = timedelta(minutes=1)
AGENT = "Broadsheet (is what an issue shows there already?)"
HEADER = "newsletter-live"
WHO = "worker"
OUTSIDE = Network(agent=AGENT)
_PICTURE = re.compile(r'<img[^>]+?src="(https?://[^"]+)"', re.IGNORECASE)


def look_whether_live(app: App, now: datetime, network: Network = OUTSIDE) -> int:
    """Look at each issue that is due, or was held a minute ago; return how many there were.

    One that shows everything may start; what is missing at another holds it.
    """
    with app.database.read() as session:
        waiting = session.scalars(_waiting(now)).all()
    for issue in waiting:
        missing = what_is_missing(app, issue, network)
        # Refused when somebody else paused, resumed or cancelled it meanwhile.
        with suppress(IssueError), app.database.begin() as session:
            _conclude(session, issue.id, missing, now)
    return len(waiting)


def what_is_missing(app: App, issue: Issue, network: Network) -> str:
    """Return the first thing that does not answer as its readers need it, and how it answers."""
    found = wrong_way_out(app, issue, network)
    if found:
        return found
    own = {urlsplit(url).hostname for url in (app.settings.public_url, app.settings.site_url)}
    for url in _addresses(app, issue):
        is_own = urlsplit(url).hostname in own
        answer = _asked(url, replace(network, may_reach=_anywhere) if is_own else network)
        if answer.status != 200:
            return f"{url} {_told(answer)}"
    return ""


def _waiting(now: datetime) -> Select[Issue]:
    due = and_(
        Issue.state == IssueState.SCHEDULED,
        Issue.scheduled_at <= now,
        # Later than this it waits for a person, whatever is live.
        Issue.scheduled_at > now - LATE_AFTER,
    )
    held = and_(
        Issue.state == IssueState.PAUSED,
        Issue.hold_reason == HoldReason.NOT_LIVE,
        Issue.resume_at <= now,
    )
    return select(Issue).where(~Issue.is_live, or_(due, held)).order_by(Issue.id)


def wrong_way_out(app: App, issue: Issue, network: Network = OUTSIDE) -> str:
    """Return how the page behind the footer's link answers, when it is not that of this database."""
    nonce = secrets.token_urlsafe(16)
    token = app.links.goodbye_token(Goodbye(issue.list_id, NOBODY, issue.id))
    url = app.links.unsubscribe(token)
    # A mail client's one click follows no redirect (RFC 8058).
    direct = replace(network, may_reach=_anywhere, redirects=0)
    answer = _asked(f"{url}?live={nonce}", direct)
    if answer.status != 200:
        return f"the unsubscribe page at {app.links.base} {_told(answer)}"
    if not app.links.is_live(answer.headers.get(HEADER, ""), nonce, app.instance):
        return f"the unsubscribe page at {app.links.base} is that of another house or database"
    return ""


def _addresses(app: App, issue: Issue) -> Iterator[str]:
    """Yield the post's address and those of its pictures, each once."""
    email = tracking.address(
        issues.frozen_email(issue), app.links, list_slug=issue.list_slug, key=issue.key
    )
    pictures = (unescape(found) for found in _PICTURE.findall(email.html))
    yield from dict.fromkeys(url for url in (issue.web_url, *pictures) if url)


def _asked(url: str, network: Network) -> Answer:
    return ask(url, network, lambda _: nullcontext())


def _told(answer: Answer) -> str:
    return f"answers {answer.status}" if answer.status else f"cannot be read: {answer.why}"


def _anywhere(_: IPAddress) -> bool:
    """The operator's own addresses may be in a network of their own."""
    return True


def _conclude(session: Session, issue_id: int, missing: str, now: datetime) -> None:
    lock(session, issue_id)
    issue = session.get_one(Issue, issue_id)
    held = issue.state == IssueState.PAUSED and issue.hold_reason == HoldReason.NOT_LIVE
    if not missing and held:
        issues.resume(session, issue, who=WHO, now=now, detail="everything it shows is there")
    elif not missing:
        issue.is_live = True
    elif held:
        session.execute(
            update(Issue)
            .where(Issue.id == issue_id, Issue.state == IssueState.PAUSED)
            .values(resume_at=now + AGAIN)
        )
    else:
        issues.pause(
            session,
            issue,
            reason=HoldReason.NOT_LIVE,
            detail=missing,
            resume_at=now + AGAIN,
            who=WHO,
            now=now,
        )
