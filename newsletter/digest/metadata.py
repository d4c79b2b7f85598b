"""What a post's front matter says: title, dates, people, picture, and whether it is a draft."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from newsletter.digest.dates import dated_name, is_moving, parse_date
from newsletter.digest.fields import DEEPEST, FIELDS, Values, one_line, plain_key
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.options import read_options
from newsletter.digest.plain_words import LINKED, plain_words
from newsletter.findings import Finding

DRAFTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "draft": ("true", "yes", "on", "1"),
        "isDraft": ("true", "yes", "on", "1"),
        "published": ("false", "no", "off", "0"),
        "publish": ("false", "no", "off", "0"),
        "status": ("draft", "private", "hidden"),
    }
)
ADDRESSES = ("src", "image", "url", "path", "file", "filename", "relative", "link")
ALTS = ("alt", "imageAlt", "altText", "description", "caption")
# A note on a name: pandoc's `Ada^[of London]`, an address in `Ada <a@b.example>`, a link's target.
NOTE_ON_NAME = re.compile(r"\^\[[^\[\]]*\]|\s*<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The front matter as plain values; `title` is empty when it names none.

    `url` and `permalink` are as written: what they mean is the generator's to say. `values` is
    all of it as written, for what only one generator knows.
    """

    title: str = ""
    subtitle: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    publishes: date | datetime | None = None
    expires: date | datetime | None = None
    date: date | datetime | None = None
    slug: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    draft: bool = False
    cover: str = ""
    cover_alt: str | None = None
    url: str = ""
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_metadata(matter: FrontMatter, path: Path) -> Metadata:
    """Return what the front matter says; odd values become findings, never errors."""
    values = Values(matter.values)
    findings: list[Finding] = []
    when = _date(values, matter, path, findings)
    cover, alt = _cover(values)
    options, unread = read_options(matter, path)
    return Metadata(
        title=plain_words(values.text("title")),
        subtitle=plain_words(values.text("subtitle")),
        description=plain_words(values.text("description")),
        authors=tuple(name for one in values.names("authors") if (name := _person(one))),
        date=when,
        publishes=_moment(values, "publishes"),
        expires=_moment(values, "expires"),
        slug=values.text("slug"),
        language=values.text("language"),
        tags=_parted(values.names("tags")),
        categories=_parted(values.names("categories")),
        draft=_draft(values),
        cover=cover,
        cover_alt=alt,
        url=values.text("url"),
        permalink=values.text("permalink"),
        aliases=values.names("aliases"),
        options=options,
        values=matter.values,
        findings=(*findings, *unread),
    )


def _person(name: str) -> str:
    return LINKED.sub(r"\1", NOTE_ON_NAME.sub("", name)).strip()


def _parted(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return tags of which some write several with commas between."""
    parts = (part.strip() for name in names for part in name.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _draft(values: Values) -> bool:
    said = ((str(values.get(name)).lower(), meant) for name, meant in DRAFTS.items())
    return any(word in meant for word, meant in said)


def _cover(values: Values) -> tuple[str, str | None]:
    for name, value in values.found("cover"):
        address, alt = _picture(value)
        if address:
            return address, alt or _alt(values, name) or None
    return "", None


def _picture(value: Any, depth: int = 1) -> tuple[str, str]:
    """Return a picture's address and alt text from a string, a table, or the first of a list."""
    if isinstance(value, str):
        return value.strip(), ""
    if depth > DEEPEST:
        return "", ""
    if isinstance(value, list):
        return _picture(value[0], depth + 1) if value else ("", "")
    if not isinstance(value, dict):
        return "", ""
    inner = {plain_key(key): one for key, one in value.items()}
    alt = next((text for name in ALTS if (text := one_line(inner.get(plain_key(name))))), "")
    for name in ADDRESSES:
        address, own_alt = _picture(inner.get(name), depth + 1)
        if address:
            return address, own_alt or alt
    return "", alt


def _alt(values: Values, name: str) -> str:
    names = (*(f"{name}{end}" for end in ("Alt", "AltText", ".alt")), "imageAlt", "coverAlt")
    return next((text for one in names if (text := one_line(values.get(one)))), "")


def _date(
    values: Values, matter: FrontMatter, path: Path, findings: list[Finding]
) -> date | datetime | None:
    unread: list[str] = []
    for _, value in values.found("date"):
        written = one_line(value)
        if written and not is_moving(written):
            read = parse_date(written)
            if read is not None:
                return read
            unread.append(written)
    if not unread:
        return dated_name(path)
    findings.append(
        Finding(
            "date-unread",
            f"The date {unread[0][:40]!r} cannot be read.",
            "Write it as 2026-11-05 or 2026-11-05T09:00:00+01:00.",
            path=path,
            line=matter.line(*FIELDS["date"]),
        )
    )
    return None


def _moment(values: Values, field: str) -> date | datetime | None:
    """Return the first date of a field that can be read: nobody is shown it."""
    read = (parse_date(one_line(value)) for _, value in values.found(field))
    return next((one for one in read if one is not None), None)
