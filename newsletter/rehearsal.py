"""An issue tried before it goes: a test by hand, and a rehearsal the day before.

A test is one mail to each address named, numbered, and in nobody's figures.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from newsletter import issues, tracking
from newsletter.app import App
from newsletter.doctor import examine
from newsletter.errors import NewsletterError
from newsletter.links import NOBODY, Goodbye
from newsletter.message import Envelope, SendResult, SendStatus
from newsletter.models import Issue, TestSend
from newsletter.worker.live import wrong_way_out
from subscribers import store
from subscribers.address import Address, parse
from subscribers.errors import AddressRefused


def send_test(
    app: App, issue: Issue, addresses: Sequence[Address], *, who: str, now: datetime
) -> tuple[int, list[SendResult]]:
    """Send an issue's present content to some addresses; return the test's number and results.

    The mail is the issue's own but for `[Test N]` before the subject, and a footer that names
    nobody. The test counts for this very content. Raises AddressRefused for a suppressed
    address, IssueError where a provider is to count that cannot and for a list without a postal
    address or a privacy notice (RULES L-2), ProviderError when the call failed; then nothing is
    recorded.
    """
    app.require_keys()
    issues.require_countable(issue, app.provider)
    with app.database.read() as session:
        issues.require_imprint(session, issue, "test")
        for address in addresses:
            if store.is_suppressed(session, address.key):
                raise AddressRefused(
                    f"{address.email} is suppressed", "newsletter subscribers show tells why"
                )
        last = session.scalar(
            select(func.max(TestSend.number)).where(TestSend.issue_id == issue.id)
        )
        email = issues.with_embedded(session, issues.frozen_email(issue))
    number = (last or 0) + 1
    mark = f"[Test {number}] "
    numbered = replace(
        email,
        subject=mark + email.subject,
        personal_subject=email.personal_subject and mark + email.personal_subject,
    )
    mailing = app.provider.prepare(
        tracking.address(numbered, app.links, list_slug=issue.list_slug, key=issue.key)
    )
    token = app.links.goodbye_token(Goodbye(issue.list_id, NOBODY, issue.id))
    envelopes = [
        Envelope(
            address=address.email,
            token=app.links.seal_batch(issue.id, NOBODY, number * 1000 + at),
            values={"token": token},
        )
        for at, address in enumerate(addresses)
    ]
    try:
        results = [one for some in mailing.send(envelopes) for one in some]
    finally:
        mailing.close()
    if any(result.status is SendStatus.SUBMITTED for result in results):
        with app.database.begin() as session:
            row = session.get_one(Issue, issue.id)
            issues.record_test(
                session,
                row,
                number=number,
                to=", ".join(address.email for address in addresses),
                who=who,
                now=now,
                content_hash=issue.content_hash,
            )
    return number, results


def rehearse(app: App, issue: Issue, *, who: str, now: datetime) -> None:
    """Try what an issue needs on the day before it goes, and tell the admin how that went.

    The house is looked at as `doctor` does, the way out of the list is asked for from outside,
    and the admin gets a test. The text cannot have changed: it is frozen.
    """
    troubles = [
        f"{found.message} ({found.mend})" if found.mend else found.message
        for found in examine(app)
        if found.severity == "error"
    ]
    if app.settings.provider != "outbox":
        troubles += [wrong for wrong in (wrong_way_out(app, issue),) if wrong]
    troubles += _tried(app, issue, who, now)
    name = f"{issue.list_slug}/{issue.key}"
    well = "all is well" if not troubles else f"{len(troubles)} things to look at"
    lines = [f"It goes at {issue.scheduled_at:%Y-%m-%d %H:%M} UTC.", *troubles]
    with app.database.begin() as session:
        row = session.get_one(Issue, issue.id)
        issues.log(session, row, "rehearsal", who=who, now=now, detail="; ".join([well, *troubles]))
        issues.tell(
            session,
            f"rehearsal:{issue.id}",
            title=f"{name} goes out soon: {well}",
            text="\n".join([*lines, "", f"newsletter show {name}"]),
            issue=row,
            now=now,
        )


def _tried(app: App, issue: Issue, who: str, now: datetime) -> list[str]:
    """Send the admin a test, and return what was wrong with it."""
    if not app.settings.admin_address:
        return []
    try:
        _, results = send_test(app, issue, [parse(app.settings.admin_address)], who=who, now=now)
    except (NewsletterError, AddressRefused) as error:
        return [f"the test to you: {error}"]
    return [
        f"the test to you: {one.status} {one.detail}".strip()
        for one in results
        if one.status is not SendStatus.SUBMITTED
    ]
