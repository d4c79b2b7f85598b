"""Reads a site's own front matter, whichever names its generator gave the fields."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from newsletter.digest.front_matter import FrontMatter
from newsletter.findings import Finding, Severity

AUTHORS = ("author", "authors", "by")
DESCRIPTIONS = ("description", "summary", "excerpt", "subtitle")
DATES = ("date", "pubDate", "publishDate", "published_at", "created")
LANGUAGES = ("lang", "language", "locale")
COVERS = (
    "cover",
    "image",
    "featured",
    "featured_image",
    "featuredImage",
    "feature_image",
    "cover_image",
    "coverImage",
    "banner",
    "hero",
    "thumbnail",
    "images",
)
ADDRESSES = ("src", "image", "url", "path", "file", "filename", "relative")
# Where generators put what is not theirs: Hugo's params, Zola's extra and taxonomies.
TABLES = ("params", "extra", "taxonomies")
DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[-_.]|$)")
# ISO 8601 goes to the standard library; these are what people and Jekyll write besides.
DATE_FORMATS = (
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M %z",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The front matter as plain values; `title` is empty when it names none."""

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    date: date | datetime | None = None
    slug: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    draft: bool = False
    cover: str = ""
    cover_alt: str | None = None
    url: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_metadata(matter: FrontMatter, path: Path) -> Metadata:
    """Return what the front matter says; odd values become findings, never errors."""
    values = matter.values
    findings: list[Finding] = []
    when = _date(values, matter, path, findings)
    cover, alt = _cover(values)
    return Metadata(
        title=_text(values.get("title")),
        description=_first_text(values, DESCRIPTIONS),
        authors=_authors(values),
        date=when,
        slug=_text(values.get("slug")),
        language=_first_text(values, LANGUAGES),
        tags=_names(_value(values, "tags", "tag")),
        categories=_names(_value(values, "categories", "category")),
        draft=_true(values.get("draft")) or _false(values.get("published")),
        cover=cover,
        cover_alt=alt,
        url=_text(values.get("url")),
        options=_options(values, matter, path, findings),
        findings=tuple(findings),
    )


def _value(values: dict[str, Any], *names: str) -> Any:
    tables = [values, *(values[name] for name in TABLES if isinstance(values.get(name), dict))]
    for table in tables:
        for name in names:
            if table.get(name) not in (None, "", [], {}):
                return table[name]
    return None


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return ""
    return " ".join(str(value).split())


def _first_text(values: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := _text(_value(values, name)))), "")


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
    parts = [_text(name.get(part)) for part in ("given", "family")]
    joined = " ".join(part for part in parts if part) or _text(name.get("literal"))
    return (joined,) if joined else ()


def _authors(values: dict[str, Any]) -> tuple[str, ...]:
    return _names(_value(values, *AUTHORS))


def _true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.lower() in ("true", "yes", "on"))


def _false(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value.lower() in ("false", "no", "off"))


def _cover(values: dict[str, Any]) -> tuple[str, str | None]:
    for name in COVERS:
        value = _value(values, name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and value.strip():
            alt = _first_text(values, (f"{name}_alt", f"{name}Alt", "image_alt", "imageAlt"))
            return value.strip(), alt or None
        if isinstance(value, dict):
            address = next((text for key in ADDRESSES if (text := _text(value.get(key)))), "")
            if address:
                return address, _text(value.get("alt")) or None
    return "", None


def _date(
    values: dict[str, Any], matter: FrontMatter, path: Path, findings: list[Finding]
) -> date | datetime | None:
    written = _value(values, *DATES)
    if written is not None:
        read = parse_date(_text(written))
        if read is not None:
            return read
        findings.append(
            Finding(
                "date-unread",
                Severity.WARNING,
                f"The date {_text(written)[:40]!r} cannot be read.",
                "Write it as 2026-11-05 or 2026-11-05T09:00:00+01:00.",
                path=path,
                line=matter.line(*DATES),
            )
        )
        return None
    for name in (path.stem, path.parent.name):
        found = DATED_NAME.match(name)
        if found:
            return parse_date(found[1])
    return None


def parse_date(text: str) -> date | datetime | None:
    """Read a date or a date with a time, as people write them; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for written in DATE_FORMATS:
        try:
            read = datetime.strptime(text, written)  # noqa: DTZ007, RUF100 (a naive one is the List's)
        except ValueError:
            continue
        return read if "%H" in written else read.date()
    return None


def _options(
    values: dict[str, Any], matter: FrontMatter, path: Path, findings: list[Finding]
) -> dict[str, Any]:
    options = values.get("newsletter")
    if isinstance(options, dict):
        return options
    if options is not None:
        findings.append(
            Finding(
                "options-unread",
                Severity.WARNING,
                "`newsletter:` in the front matter is no table, so nothing of it is used.",
                "Write it as `newsletter:` and below it, indented, `subject: …`.",
                path=path,
                line=matter.line("newsletter"),
            )
        )
    return {}
