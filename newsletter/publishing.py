"""From a post to a scheduled issue: read, render, check, draft, test, schedule.

The one place that the command line, the web pages and the API share.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.digest.model import Digest
from newsletter.digest.reader import read_post
from newsletter.errors import PostError
from newsletter.findings import Finding
from newsletter.history import last_change
from newsletter.message import Mailbox, Masthead, RenderedEmail
from newsletter.preflight import Checked, check
from newsletter.preflight.size import CLIPPED_AT, html_size
from newsletter.render.fit import INTRO, WHOLE, Shares, fitting
from newsletter.render.letters import render_letter
from newsletter.render.renderer import Rendering, render_issue
from newsletter.tracking import to_count

if TYPE_CHECKING:
    # A post is rendered and checked without a database, and sooner without its library.
    from sqlalchemy.orm import Session

    from newsletter.declared import ListTable
    from subscribers.models import List

NOWHERE = "Nothing was left to be read online, because the address of the post is not known."
SAMPLE = Masthead(
    slug="sample",
    name="Sample list",
    sender=Mailbox("editor@newsletter.example", "Sample list"),
    postal_address="Sample Street 1, 12345 Sampletown",
)


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the flags of `send` say instead of the post; empty means the post decides."""

    subject: str = ""
    preheader: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """A post as it would leave: digest, email, its key and source, and all that was found.

    `checked` is what the checks looked at, for those that ask somebody outside.
    """

    digest: Digest
    email: RenderedEmail
    key: str
    source: str
    findings: tuple[Finding, ...]
    checked: Checked


def masthead_of(list_: "List") -> Masthead:
    """Return a List's row as the plain data that rendering needs."""
    return Masthead(
        slug=list_.slug,
        name=list_.name,
        sender=Mailbox(list_.sender_address, list_.sender_name),
        reply_to=Mailbox(list_.reply_to) if list_.reply_to else None,
        postal_address=list_.postal_address,
        language=list_.language,
        time_zone=list_.time_zone,
        accent=list_.accent,
        layout=list_.layout,
        logo_url=list_.logo_url,
        site_url=list_.site_url,
        privacy_url=list_.privacy_url,
        merge_fields=list_.merge_fields,
        provider_counts=bool(to_count(list_.click_tracking, list_.open_tracking, list_.counted_by)),
    )


def masthead_from(slug: str, table: "ListTable") -> Masthead:
    """Return a `[lists.NAME]` table as the same plain data; for checks without a database."""
    return Masthead(
        slug=slug,
        name=table.name,
        sender=mailbox(table.sender),
        reply_to=mailbox(table.reply_to) if table.reply_to else None,
        postal_address=table.postal,
        language=table.language,
        time_zone=table.time_zone,
        accent=table.accent,
        layout=table.layout,
        logo_url=table.logo_url,
        site_url=table.site_url,
        privacy_url=table.privacy_url,
        merge_fields=table.merge_fields,
        provider_counts=bool(to_count(table.clicks, table.opens, table.counted_by)),
    )


def mailbox(written: str) -> Mailbox:
    """Read `Name <address>` or a bare address; the address is not judged here."""
    found = re.fullmatch(r"\s*(?:\"?(?P<name>[^\"<]*?)\"?\s*)<(?P<address>[^<>]+)>\s*", written)
    if found:
        return Mailbox(found["address"].strip(), found["name"].strip())
    return Mailbox(written.strip())


def publication(
    path: Path,
    masthead: Masthead | None,
    *,
    now: datetime,
    site_url: str = "",
    dialect: str = "",
    public_url: str = "https://newsletter.example",
    images: str = "service",
    templates: Path | None = None,
    overrides: Overrides | None = None,
    fit: bool = False,
    uncounting: str = "",
) -> Publication:
    """Read, render and check one post; nothing is written anywhere.

    Without a masthead a sample one is used and nothing about a List is checked. `public_url` is
    the base of our own addresses, which count in the size of the mail; `templates` is the folder
    of the project's own; `uncounting` is the provider's name where it counts no clicks and opens. `fit`: stories that would make Gmail cut the email are left to be read
    online, and a finding names them.
    Raises PostError for a post that cannot be read, RenderError for a template's defect.
    """
    shown = masthead or SAMPLE
    read = read_post(path, site_url=site_url, dialect=dialect)
    digest = _overridden(_dated(read), overrides or Overrides())
    key = issue_key(digest)

    def rendered(shares: Shares) -> tuple[Rendering, Checked]:
        made = render_issue(digest, shown, images=images, templates=templates, shares=shares)
        return made, Checked(
            digest, made.email, masthead, now, key, public_url, templates, uncounting
        )

    rendering, checked = rendered(WHOLE)
    shortened: tuple[Finding, ...] = ()
    if fit and html_size(checked) > CLIPPED_AT:
        rendering, checked, shortened = _fitted(rendered, rendering, checked)
    return Publication(
        digest=digest,
        email=rendering.email,
        key=key,
        source=source_of(digest.path),
        findings=(*digest.findings, *rendering.findings, *shortened, *check(checked)),
        checked=checked,
    )


def _dated(digest: Digest) -> Digest:
    """Return a post that says no date of its own with that of its last change in git."""
    says_one = any(finding.code == "date-unread" for finding in digest.findings)
    if digest.date is not None or says_one:
        return digest
    return replace(digest, date=last_change(digest.path))


def _fitted(
    rendered: Callable[[Shares], tuple[Rendering, Checked]],
    rendering: Rendering,
    checked: Checked,
) -> tuple[Rendering, Checked, tuple[Finding, ...]]:
    """Render again with ever less of the post, until the HTML is small enough."""
    digest = checked.digest
    if digest.url is None:
        return rendering, checked, (checked.finding("fit-nowhere", NOWHERE),)
    before = html_size(checked)
    intro, *weights = rendering.weights

    def size(shares: Shares) -> int:
        nonlocal rendering, checked
        rendering, checked = rendered(shares)
        return html_size(checked)

    shares = fitting(size, before, CLIPPED_AT, intro, weights)
    titles = [f"“{digest.stories[at - 1].title_text}”" for at in sorted(shares) if at != INTRO]
    what = ", ".join(["the end of the post"] * (INTRO in shares) + titles)
    told = f"The HTML would have {before:,} bytes, so {what} can only be read online."
    return rendering, checked, (checked.finding("story-shortened", told),)


def _overridden(digest: Digest, overrides: Overrides) -> Digest:
    options = dict(digest.options)
    for name in ("subject", "preheader", "note"):
        if value := getattr(overrides, name):
            options[name] = value
    return replace(digest, options=options)


def issue_key(digest: Digest) -> str:
    """Return the key of a digest's issue: the slug's last part, else the bundle or file name.

    Lowered, `[a-z0-9-]` only. Raises PostError when nothing is left of it.
    """
    name = digest.slug.strip("/").rsplit("/", 1)[-1]
    if not name:
        path = digest.path
        name = path.parent.name if path.stem in ("index", "_index") else path.stem
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not key:
        raise PostError(
            "no key can be made of the post's slug or name",
            "give it a `slug:` with latin letters or digits",
            path=digest.path,
        )
    return key


def source_of(path: Path) -> str:
    """Return the post's place in its repository, the same in every checkout of it."""
    resolved = path.resolve()
    for folder in resolved.parents:
        if (folder / ".git").exists():
            return resolved.relative_to(folder).as_posix()
    return "/".join(resolved.parts[-3:])


def letter_body(
    session: "Session", list_: "List", kind: str, *, templates: Path | None = None
) -> str:
    """Return the hash of a letter's rendering for this List, storing it when it is new."""
    from sqlalchemy.dialects import postgresql, sqlite

    from newsletter.models import LetterBody

    row = _letter(kind, masthead_of(list_), templates)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(LetterBody).values(**row).on_conflict_do_nothing())
    return row["hash"]


@lru_cache(maxsize=64)
def _letter(kind: str, masthead: Masthead, templates: Path | None) -> dict[str, str]:
    email = render_letter(kind, masthead, templates=templates)
    parts = (email.subject, email.html, email.text)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return {"hash": digest, "subject": email.subject, "html": email.html, "text": email.text}


def stopping(findings: Sequence[Finding], allowed: Sequence[str]) -> tuple[Finding, ...]:
    """Return the errors that stop a send, less those whose code was allowed."""
    return tuple(
        finding
        for finding in findings
        if finding.severity == "error" and finding.code not in allowed
    )
