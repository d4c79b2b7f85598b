"""Reads a site's own front matter, whichever names its generator gave the fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from newsletter.digest.dates import dated_name, is_moving, parse_date
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.options import read_options
from newsletter.digest.plain_words import LINKED, plain_words
from newsletter.findings import Finding

# What a generator may call each field, the first one that says anything counts. Capitals, hyphens
# and underscores make no difference; a dot leads into a table. docs/writing-a-digest.md shows it.
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("title",),
        "subtitle": ("subtitle", "tagline", "deck"),
        "description": (
            *("description", "summary", "excerpt", "abstract", "meta.description"),
            *("seo.description", "metaDescription", "lead", "subtitle", "tagline", "deck"),
        ),
        "date": (
            *("date", "date.created", "pubDate", "publishDate", "publishedAt", "publishedOn"),
            *("publicationDate", "datePublished", "published", "created", "createdAt", "posted"),
        ),
        "publishes": ("publishDate", "pubDate"),
        "expires": ("expiryDate", "unpublishDate", "expires"),
        "authors": ("author", "authors", "by", "byline", "writer"),
        "tags": ("tags", "tag", "keywords"),
        "categories": ("categories", "category", "topics"),
        "cover": (
            *("cover", "coverImage", "image", "featured", "featuredImage", "featureImage"),
            *("hero", "heroImage", "banner", "header.teaser", "header.image"),
            *("header.overlayImage", "thumbnail", "thumb", "teaser", "photo", "images"),
            *("previewImage", "socialImage", "ogImage", "og.image", "openGraph.image"),
            *("seo.image", "social.image", "twitterImage"),
        ),
        "language": ("lang", "language", "locale"),
        "slug": ("slug",),
        "url": ("url",),
        "permalink": ("permalink", "path"),
        "aliases": ("aliases", "alias", "redirectFrom", "redirects"),
    }
)
# Where generators put what is not theirs: Hugo's params, Zola's extra and taxonomies.
TABLES = ("params", "extra", "taxonomies", "custom")
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
DEEPEST = 3
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
    values = _Values(matter.values)
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


class _Values:
    """Front matter by plain names; the keys of a generator's own tables stand for themselves."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._flat: dict[str, Any] = dict(_flat(values))
        for name in TABLES:
            table = values.get(name)
            if isinstance(table, dict):
                for key, value in _flat(table):
                    if self._flat.get(key) in (None, "", [], {}):
                        self._flat[key] = value

    def get(self, name: str) -> Any:
        """Return the value of one key, None for one that is empty or not there."""
        value = self._flat.get(_plain(name))
        return None if value in ("", [], {}) else value

    def found(self, field: str) -> Iterator[tuple[str, Any]]:
        """Yield the keys of a field that say something, and their values."""
        for name in FIELDS[field]:
            value = self.get(name)
            if value is not None:
                yield name, value

    def text(self, field: str) -> str:
        """Return the first value of a field that is text, a number or a date."""
        return next((text for _, value in self.found(field) if (text := _text(value))), "")

    def names(self, field: str) -> tuple[str, ...]:
        """Return the names in the first value of a field that holds any."""
        return next((names for _, value in self.found(field) if (names := _names(value))), ())


def _flat(values: Mapping[str, Any], above: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = above + _plain(str(key))
        yield name, value
        if isinstance(value, dict) and depth < DEEPEST:
            yield from _flat(value, f"{name}.", depth + 1)


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return ""
    return " ".join(str(value).split())


def _names(value: Any) -> tuple[str, ...]:
    """Read one name, a list, or tables with a `name` (which may be given and family)."""
    if isinstance(value, dict):
        name = value.get("name", value.get("title"))
        if isinstance(name, dict):
            return _joined(name)
        if name is not None:
            return _names(name)
        return _joined(value) or tuple(key for key in value if _text(key))
    if isinstance(value, list):
        return tuple(dict.fromkeys(name for one in value for name in _names(one)))
    text = _text(value)
    return (text,) if text else ()


def _joined(name: dict[str, Any]) -> tuple[str, ...]:
    literal = _text(name.get("literal"))
    parts = ("given", "dropping-particle", "non-dropping-particle", "family")
    joined = " ".join(part for key in parts if (part := _text(name.get(key))))
    return (literal or joined,) if literal or joined else ()


def _person(name: str) -> str:
    return LINKED.sub(r"\1", NOTE_ON_NAME.sub("", name)).strip()


def _parted(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return tags of which some write several with commas between."""
    parts = (part.strip() for name in names for part in name.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def _draft(values: _Values) -> bool:
    said = ((str(values.get(name)).lower(), meant) for name, meant in DRAFTS.items())
    return any(word in meant for word, meant in said)


def _cover(values: _Values) -> tuple[str, str | None]:
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
    inner = {_plain(key): one for key, one in value.items()}
    alt = next((text for name in ALTS if (text := _text(inner.get(_plain(name))))), "")
    for name in ADDRESSES:
        address, own_alt = _picture(inner.get(name), depth + 1)
        if address:
            return address, own_alt or alt
    return "", alt


def _alt(values: _Values, name: str) -> str:
    names = (*(f"{name}{end}" for end in ("Alt", "AltText", ".alt")), "imageAlt", "coverAlt")
    return next((text for one in names if (text := _text(values.get(one)))), "")


def _date(
    values: _Values, matter: FrontMatter, path: Path, findings: list[Finding]
) -> date | datetime | None:
    unread: list[str] = []
    for _, value in values.found("date"):
        written = _text(value)
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


def _moment(values: _Values, field: str) -> date | datetime | None:
    """Return the first date of a field that can be read: nobody is shown it."""
    read = (parse_date(_text(value)) for _, value in values.found(field))
    return next((one for one in read if one is not None), None)
