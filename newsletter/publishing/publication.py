"""A post as it would leave: read, rendered, shortened if it must be, and checked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsletter.digest.model import Digest
from newsletter.digest.reader import read_post
from newsletter.findings import Finding
from newsletter.history import last_change
from newsletter.message import Masthead, RenderedEmail
from newsletter.preflight import Checked, check
from newsletter.preflight.size import CLIPPED_AT, html_size
from newsletter.publishing.mastheads import SAMPLE
from newsletter.publishing.sources import issue_key, source_of
from newsletter.render.fit import INTRO, WHOLE, Shares, fitting
from newsletter.render.renderer import Rendering, render_issue

NOWHERE = "Nothing was left to be read online, because the address of the post is not known."


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


def _overridden(digest: Digest, overrides: Overrides) -> Digest:
    options = dict(digest.options)
    for name in ("subject", "preheader", "note"):
        if value := getattr(overrides, name):
            options[name] = value
    return replace(digest, options=options)


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


def stopping(findings: Sequence[Finding], allowed: Sequence[str]) -> tuple[Finding, ...]:
    """Return the errors that stop a send, less those whose code was allowed."""
    return tuple(
        finding
        for finding in findings
        if finding.severity == "error" and finding.code not in allowed
    )
