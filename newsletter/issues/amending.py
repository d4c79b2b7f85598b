"""A paused issue gets a mended text for the rest; who got which is known of each batch.

The text before stays as a Variant. Where a link of any text leads stands in the issue's one table:
the numbers of mails that are out are never given to another address.
"""

from collections.abc import Sequence
from datetime import datetime
from re import Match
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from newsletter.issues.frozen import CONTENT, as_written, content_hash, keep
from newsletter.issues.life import require_mended
from newsletter.issues.stepping import lock, refusal, take_step
from newsletter.issues.tested import require_test
from newsletter.message import Link, RenderedEmail
from newsletter.models import Batch, BatchState, Issue, IssueState, Variant
from newsletter.slots import SLOT, slot

_LINK = "link/"
_WORDS = ("title", "subject", "personal_subject", "preheader", "html", "text", "content_hash")


def mended(issue: Issue, *, title: str, email: RenderedEmail) -> dict[str, Any]:
    """Return the columns of an issue that says this from now on.

    Sender, list and counting stay as they were frozen. The same email gives the same columns,
    also when the issue says it already. A link that was led elsewhere stays so, whether the post
    has its old address or the new one.
    """
    table = [list(row) for row in issue.links]
    links = [Link(*row) for row in table]
    known = {as_written(link)[1:]: link.number for link in links}
    known |= {(link.url, link.label, link.story): link.number for link in links}
    numbers: dict[str, int] = {}
    for link in email.links:
        to = (link.url, link.label, link.story)
        if to not in known:
            known[to] = max(known.values(), default=0) + 1
            table.append([known[to], *to])
        numbers[f"{_LINK}{link.number}"] = known[to]

    def renumbered(found: Match[str]) -> str:
        number = numbers.get(found[1])
        return found[0] if number is None else slot(f"{_LINK}{number}")

    values: dict[str, Any] = {
        "title": title,
        "subject": email.subject,
        "personal_subject": email.personal_subject,
        "preheader": email.preheader,
        "html": SLOT.sub(renumbered, email.html),
        "text": SLOT.sub(renumbered, email.text),
        "links": table,
    }
    content = {name: getattr(issue, name) for name in CONTENT} | values
    return values | {"content_hash": content_hash(content)}


def amend(
    session: Session,
    issue: Issue,
    *,
    title: str,
    email: RenderedEmail,
    errors: Sequence[str] = (),
    allow: Sequence[str] = (),
    no_test: bool = False,
    who: str,
    now: datetime,
) -> bool:
    """Give a paused issue another text for whoever was not mailed yet.

    False when it says that already. What is on its way keeps the text it was claimed with.
    Raises IssueError when the issue is not paused, for errors of its post that are not among
    `allow`, and without a test of this content (`no_test` overrides).
    """
    lock(session, issue.id)
    session.refresh(issue)
    if issue.state != IssueState.PAUSED:
        raise refusal(issue, "amend")
    values = mended(issue, title=title, email=email)
    if values["content_hash"] == issue.content_hash:
        return False
    require_mended(issue, errors, allow)
    if not no_test:
        require_test(session, issue, values["content_hash"])
    keep(session, email.assets)
    words = {name: getattr(issue, name) for name in _WORDS}
    session.add(Variant(issue_id=issue.id, number=issue.variant, amended_at=now, **words))
    detail = f"“{issue.subject}” becomes “{values['subject']}”"
    detail += ", without a test" if no_test else ""
    detail += f", in spite of {', '.join(errors)}" if errors else ""
    take_step(
        session,
        issue,
        "amend",
        (IssueState.PAUSED,),
        IssueState.PAUSED,
        who=who,
        now=now,
        detail=detail,
        variant=issue.variant + 1,
        errors=list(errors),
        **values,
    )
    return True


def earlier_texts(session: Session, issue: Issue) -> Sequence[Variant]:
    """Return the texts that an issue had before, the first one first."""
    found = select(Variant).where(Variant.issue_id == issue.id).order_by(Variant.number)
    return session.scalars(found).all()


def corrected_at(session: Session, issue: Issue) -> datetime | None:
    """Return when an issue was last amended that somebody has, or may have, in an earlier text."""
    called = exists().where(
        Batch.issue_id == Variant.issue_id,
        Batch.variant == Variant.number,
        Batch.state != BatchState.PENDING,
    )
    return session.scalar(
        select(func.max(Variant.amended_at)).where(Variant.issue_id == issue.id, called)
    )
