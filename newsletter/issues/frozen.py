"""What an issue is made of, both ways: an email into columns, columns into an email again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from email.header import Header
from typing import Any

import idna
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.errors import IssueError
from newsletter.links import Links
from newsletter.message import Asset, Link, Mailbox, RenderedEmail
from newsletter.models import Issue, StoredAsset, Variant
from newsletter.providers.protocol import Provider
from newsletter.slots import SLOT, slot
from newsletter.tracking import Counting, counting, to_count, utm
from subscribers.database import insert_into
from subscribers.models import List

# By these a mail client leaves the list for its reader (RFC 8058).
_ONE_CLICK = ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
GOODBYE_HEADERS = (("List-Unsubscribe", f"<{slot('unsubscribe')}>"), _ONE_CLICK)
_EMBEDDED = "embedded/"
CONTENT = (
    "title",
    "subject",
    "personal_subject",
    "preheader",
    "html",
    "text",
    "links",
    "list_slug",
    "list_name",
    "sender_name",
    "sender_address",
    "reply_to",
    "postal_address",
    "language",
    "web_url",
)


def columns(list_: List, *, title: str, email: RenderedEmail, web_url: str = "") -> dict[str, Any]:
    """Return the columns of an Issue that `schedule` freezes, its content hash among them."""
    values: dict[str, Any] = {
        "title": title,
        "subject": email.subject,
        "personal_subject": email.personal_subject,
        "preheader": email.preheader,
        "html": email.html,
        "text": email.text,
        "links": [[link.number, link.url, link.label, link.story] for link in email.links],
        "list_slug": list_.slug,
        "list_name": list_.name,
        "sender_name": email.sender.name,
        "sender_address": email.sender.address,
        "reply_to": email.reply_to.address if email.reply_to else "",
        "postal_address": list_.postal_address,
        "language": list_.language,
        "web_url": web_url,
        "click_tracking": list_.click_tracking,
        "open_tracking": list_.open_tracking,
        "counted_by": list_.counted_by,
        "text_links": list_.text_links,
        "utm": list_.utm,
    }
    values["content_hash"] = content_hash(values)
    return values


def content_hash(values: dict[str, Any]) -> str:
    """Return 32 hex digits over everything frozen but tracking and time.

    Pictures count through their names, which are hashes of their data and stand in the HTML. A link
    counts as its post says it: one that was led elsewhere makes no other issue.
    """
    links = [list(as_written(Link(*row))) for row in values["links"]]
    content = json.dumps(
        [links if name == "links" else values[name] for name in CONTENT], ensure_ascii=False
    )
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def as_written(link: Link) -> tuple[int, str, str, int | None]:
    """Return a link's number, and address, words and story as the post has them."""
    return link.number, link.was or link.url, link.label, link.story


def frozen_email(issue: Issue, earlier: Variant | None = None) -> RenderedEmail:
    """Return an issue's email with its slots, from the row alone; or that of an `earlier` text.

    Its headers are those that are the same for everybody. Assets are not loaded; who mails it
    asks `with_embedded` for those that travel along.
    """
    words = earlier or issue
    return RenderedEmail(
        sender=Mailbox(issue.sender_address, issue.sender_name),
        subject=words.subject,
        html=words.html,
        text=words.text,
        preheader=words.preheader,
        reply_to=Mailbox(issue.reply_to) if issue.reply_to else None,
        headers=(
            ("List-Id", _list_id(issue.list_name, issue.list_slug, issue.sender_address)),
            ("List-Archive", f"<{slot('archive')}>"),
            ("Precedence", "bulk"),
            ("Feedback-ID", f"{issue.key}:{issue.list_slug}:issue:broadsheet"),
            ("List-Unsubscribe", f"<{slot('unsubscribe')}>{slot('by-mail')}"),
            _ONE_CLICK,
        ),
        links=tuple(Link(*row) for row in issue.links),
        personal_subject=words.personal_subject,
    )


def email_of(session: Session, issue: Issue, variant: int) -> RenderedEmail:
    """Return an issue's email in one of its texts, by number; the newest is the issue's own."""
    if variant == issue.variant:
        return frozen_email(issue)
    return frozen_email(issue, session.get_one(Variant, (issue.id, variant)))


def counting_of(issue: Issue, links: Links) -> Counting:
    """Return how an issue is counted, from the row alone."""
    return counting(
        links,
        issue.id,
        clicks=issue.click_tracking,
        opens=issue.open_tracking,
        counted_by=issue.counted_by,
        in_text=issue.text_links,
        site_url=issue.web_url,
        utm=utm(issue.list_slug, issue.key) if issue.utm else "",
    )


def provider_counts(row: Issue | List) -> bool:
    """Say whether an issue, or what a list sends, leaves clicks or opens to its provider."""
    return bool(to_count(row.click_tracking, row.open_tracking, row.counted_by))


def require_countable(issue: Issue, provider: Provider) -> None:
    """Refuse with IssueError an issue whose provider is to count and cannot."""
    if provider_counts(issue) and not provider.counts:
        raise IssueError(
            f"{issue.list_slug}/{issue.key}: clicks and opens are left to the provider, and "
            f"{provider.name} counts none",
            f"set PROVIDER=sendgrid; or newsletter lists edit {issue.list_slug} --counted-by own, "
            "and draft it anew",
        )


def with_embedded(session: Session, email: RenderedEmail) -> RenderedEmail:
    """Return an email with slots and the stored pictures that each of its mails carries."""
    inside = {name for name in SLOT.findall(email.html) if name.startswith(_EMBEDDED)}
    if not inside:
        return email
    names = [name.removeprefix(_EMBEDDED) for name in sorted(inside)]
    rows = session.scalars(
        select(StoredAsset).where(StoredAsset.name.in_(names)).order_by(StoredAsset.name)
    )
    assets = tuple(Asset(row.name, row.media_type, row.data) for row in rows)
    return replace(email, assets=assets)


def keep(session: Session, assets: Sequence[Asset]) -> None:
    """Store pictures under their names; one that is there stays."""
    for asset in assets:
        session.execute(
            insert_into(session, StoredAsset)
            .values(name=asset.name, media_type=asset.media_type, data=asset.data)
            .on_conflict_do_nothing()
        )


def _list_id(name: str, slug: str, sender_address: str) -> str:
    host = sender_address.rpartition("@")[2].lower()
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()
    plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not plain.isascii():
        # One encoded word, on one line: whoever writes the header must not fold it again.
        phrase = Header(plain, "utf-8", maxlinelen=10_000).encode()
    elif all(character.isalnum() or character in " -_'" for character in plain):
        phrase = plain
    else:
        quoted = plain.replace("\\", "\\\\").replace('"', '\\"')
        phrase = f'"{quoted}"'
    return f"{phrase} <{slug}.{host}>".strip()
