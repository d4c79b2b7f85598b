"""The checks, each a small function; docs/findings.md explains every code."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newsletter.findings import Finding, Severity
from newsletter.message import fill_slots
from newsletter.preflight.subject import Check, Checked

CLIPPED_AT = 102_400
CLIP_WARNING = 90_000
SUBJECT_LENGTH = 70
# What a slot grows to once it holds a real address and token: measured on the footer's links.
ADDRESS_LENGTH = "x" * 90
MACHINERY = re.compile(r"\{\{[<%]|[>%]\}\}|\{%-?\s*\w+|^:::+\s*\{", re.MULTILINE)
LOCAL = re.compile(r"^(localhost|127\.|0\.0\.0\.0|\[?::1|.*\.local$)")


def _draft(checked: Checked) -> Iterator[Finding]:
    if checked.digest.draft:
        yield checked.finding(
            "draft",
            Severity.ERROR,
            "The post is marked as a draft.",
            "Take `draft: true` out of its front matter, or send with --allow draft.",
        )


def _future(checked: Checked) -> Iterator[Finding]:
    when = checked.digest.date
    if when is None:
        return
    zone = ZoneInfo(checked.masthead.time_zone) if checked.masthead else UTC
    if not isinstance(when, datetime):
        when = datetime.combine(when, time.min)
    if when.tzinfo is None:
        when = when.replace(tzinfo=zone)
    if when > checked.now:
        yield checked.finding(
            "date-in-future",
            Severity.WARNING,
            f"The post is dated {_day(when)}, which is still to come.",
            "Many sites hide such a post, and the read-online link would lead nowhere.",
        )


def _day(when: date) -> str:
    return f"{when:%Y-%m-%d}"


def _subject(checked: Checked) -> Iterator[Finding]:
    subject = checked.email.subject
    if len(subject) > SUBJECT_LENGTH:
        yield checked.finding(
            "subject-long",
            Severity.WARNING,
            f"The subject has {len(subject)} characters; phones show about 40.",
            f"Keep it under {SUBJECT_LENGTH}, or set `newsletter: subject:` in the front matter.",
        )
    letters = [letter for letter in subject if letter.isalpha()]
    if len(letters) > 8 and all(letter.isupper() for letter in letters):
        yield checked.finding(
            "subject-shouts",
            Severity.WARNING,
            "The subject is all capitals; filters and readers take it for shouting.",
            "Write it as a sentence.",
        )


def _description(checked: Checked) -> Iterator[Finding]:
    if not checked.digest.description:
        yield checked.finding(
            "no-description",
            Severity.INFO,
            "The post has no description; the preheader was written from its text.",
            "Set `description:` in the front matter to choose the words yourself.",
        )


def _size(checked: Checked) -> Iterator[Finding]:
    size = len(fill_slots(checked.email.html, lambda _name: ADDRESS_LENGTH).encode())
    if size > CLIPPED_AT:
        yield checked.finding(
            "clipped",
            Severity.ERROR,
            f"The HTML has {size:,} bytes; Gmail cuts at {CLIPPED_AT:,} and hides the footer.",
            "Shorten the digest, or link to the long parts.",
        )
    elif size > CLIP_WARNING:
        yield checked.finding(
            "nearly-clipped",
            Severity.WARNING,
            f"The HTML has {size:,} bytes; Gmail cuts at {CLIPPED_AT:,}.",
            "Shorten the digest a little.",
        )


def _machinery(checked: Checked) -> Iterator[Finding]:
    found = MACHINERY.search(checked.email.text)
    if found:
        yield checked.finding(
            "machinery",
            Severity.WARNING,
            f"The text shows what looks like a template's machinery: {found[0]!r}.",
            "If it is no example in code, write it as Markdown.",
        )


def _links(checked: Checked) -> Iterator[Finding]:
    for link in checked.email.links:
        host = urlsplit(link.url).hostname or ""
        if LOCAL.match(host):
            yield checked.finding(
                "link-local",
                Severity.ERROR,
                f"The link “{link.label or link.url}” leads to {host}, which only you can reach.",
                "Point it at the published page.",
            )


def _list(checked: Checked) -> Iterator[Finding]:
    masthead = checked.masthead
    if masthead is None:
        return
    if not masthead.postal_address.strip():
        yield checked.finding(
            "no-postal-address",
            Severity.ERROR,
            f"The list {masthead.slug} has no postal address; the law asks for one in every mail.",
            f'newsletter lists edit {masthead.slug} --postal "Street 1, Town, Country"',
        )
    if not masthead.privacy_url:
        yield checked.finding(
            "no-privacy-notice",
            Severity.WARNING,
            f"The list {masthead.slug} names no privacy notice.",
            f"newsletter lists edit {masthead.slug} --privacy-url https://…",
        )


CHECKS: tuple[Check, ...] = (
    _draft,
    _future,
    _subject,
    _description,
    _size,
    _machinery,
    _links,
    _list,
)
