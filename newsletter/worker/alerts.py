"""Somebody is told: each row once, by a plain POST and by a mail to the admin."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from html import escape

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.app import App
from newsletter.errors import NewsletterError
from newsletter.fetch import Network, post
from newsletter.message import Envelope, Mailbox, RenderedEmail, SendStatus
from newsletter.models import Alert, Issue
from subscribers import store
from subscribers.models import List

# What nobody could be told within a day is no news any more.
GIVEN_UP = timedelta(days=1)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
AGENT = "Broadsheet (an issue or a letter needs somebody)"
Way = Callable[[App, Alert], bool]


def tell_what_happened(app: App, now: datetime) -> int:
    """Send every alert that is due, by each way it was not sent yet; return how many there were.

    A way that fails is tried again in a minute, in two, in four, for a day.
    """
    ways = _ways(app)
    if not ways:
        return 0
    with app.database.read() as session:
        due = session.scalars(select(Alert.id).where(_due(ways, now)).order_by(Alert.id)).all()
    return sum(_tell(app, ways, number, now) for number in due)


def _ways(app: App) -> Mapping[str, Way]:
    """Return the ways there are here, by the column that says when each was gone."""
    ways: dict[str, Way] = {}
    if app.settings.alert_url.get_secret_value():
        ways["posted_at"] = _post
    if app.settings.admin_address:
        ways["mailed_at"] = _mail
    return ways


def _due(ways: Mapping[str, Way], now: datetime) -> ColumnElement[bool]:
    untold = or_(*(getattr(Alert, way).is_(None) for way in ways))
    return and_(Alert.next_at <= now, Alert.created_at > now - GIVEN_UP, untold)


def _tell(app: App, ways: Mapping[str, Way], number: int, now: datetime) -> bool:
    with app.database.begin() as session:
        alert = session.scalars(
            select(Alert)
            .where(Alert.id == number, _due(ways, now))
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if alert is None:
            return False
        if _is_over(session, alert):
            session.delete(alert)
            return False
        # Written down before it is tried, so that no two workers tell the same.
        alert.next_at = now + min(FIRST_WAIT * 2**alert.attempts, LONGEST_WAIT)
        alert.attempts += 1
    gone = [name for name, way in ways.items() if getattr(alert, name) is None and way(app, alert)]
    with app.database.begin() as session:
        row = session.get_one(Alert, number)
        for name in gone:
            setattr(row, name, now)
    return True


def _is_over(session: Session, alert: Alert) -> bool:
    """Return whether the hold or the doubt it tells of is over: nobody has to do anything."""
    if alert.issue_id and alert.cause.startswith(f"{issues.DOUBT}:"):
        return not issues.in_doubt(session, {alert.issue_id})
    if not alert.hold_reason:
        return False
    return session.get_one(Issue, alert.issue_id).hold_reason != alert.hold_reason


def _post(app: App, alert: Alert) -> bool:
    """Post the text; the title goes where ntfy looks for it. Any answer below 300 is taken."""
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Title": alert.title.encode("ascii", "replace").decode(),
        "Priority": "high",
    }
    url = app.settings.alert_url.get_secret_value()
    # Where the operator wants it, also in a network of their own.
    network = Network(may_reach=lambda _: True, agent=AGENT)
    return 200 <= post(url, alert.text.encode(), headers, network).status < 300


def _mail(app: App, alert: Alert) -> bool:
    with app.database.read() as session:
        sender = _sender(session, alert)
    if sender is None:
        return False
    email = RenderedEmail(
        sender=sender,
        subject=alert.title,
        html=f'<pre style="white-space:pre-wrap">{escape(alert.text)}</pre>',
        text=alert.text + "\n",
        headers=(("Auto-Submitted", "auto-generated"),),
    )
    token = app.links.seal_batch(0, 0, alert.id)
    envelope = Envelope(address=app.settings.admin_address, token=token)
    try:
        mailing = app.provider.prepare(email)
        try:
            results = [one for some in mailing.send([envelope]) for one in some]
        finally:
            mailing.close()
    except NewsletterError:
        return False
    # In doubt is not told again: a second mail would be worse than one in the log.
    return any(result.status is not SendStatus.LATER for result in results)


def _sender(session: Session, alert: Alert) -> Mailbox | None:
    """Return the sender of the issue's list, or of the first that there is."""
    issue = session.get(Issue, alert.issue_id) if alert.issue_id else None
    list_ = session.get(List, issue.list_id) if issue else next(iter(store.lists(session)), None)
    return Mailbox(list_.sender_address, list_.sender_name) if list_ else None
