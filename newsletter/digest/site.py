"""Where a post is published: the site's base address and Hugo's common rules for a page's own."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import yaml

from newsletter.digest.front_matter import YAML_ERRORS, YAML_LOADER
from newsletter.digest.metadata import Metadata
from newsletter.findings import Finding, Severity

CONFIGS = tuple(
    f"{folder}{name}.{kind}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for kind in ("toml", "yaml", "yml", "json")
)
TOKEN = re.compile(r":([a-z]+)(\[[^\]]*\])?")
# What Hugo leaves in a path; all else goes, and blanks become hyphens.
KEPT = set("._#+~-/\\%@")


@dataclass(frozen=True, slots=True)
class Site:
    """A site as far as addresses go: `root` holds its configuration, `base` ends in a slash.

    Both are empty when nothing is known of the site.
    """

    root: Path | None = None
    base: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def content(self) -> Path | None:
        """The folder that holds the posts, None without a configuration."""
        if self.root is None:
            return None
        named = self.settings.get("contentdir")
        return self.root / (named if isinstance(named, str) and named else "content")


def find_site(post: Path, site_url: str = "") -> Site:
    """Look for a Hugo configuration from the post's folder upward; `site_url` beats its baseURL."""
    findings: list[Finding] = []
    for root in post.resolve().parents:
        for file in (root / name for name in CONFIGS):
            settings = _settings(file, findings)
            base = web_base(settings.get("baseurl"))
            if settings and (base or file.stem == "hugo"):
                folder = root if file.parent == root else file.parents[1].parent
                return Site(folder, web_base(site_url) or base, settings, tuple(findings))
    return Site(base=web_base(site_url), findings=tuple(findings))


def web_base(written: Any) -> str:
    """Return a base address with a closing slash; empty unless it is absolute and http(s)."""
    if not isinstance(written, str):
        return ""
    try:
        parts = urlsplit(written.strip())
        absolute = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return written.strip().rstrip("/") + "/" if absolute else ""


def _settings(file: Path, findings: list[Finding]) -> dict[str, Any]:
    try:
        if not file.is_file():
            return {}
        text = file.read_text("utf-8-sig")
        found = _parse(text, file.suffix)
    except (OSError, RecursionError, *YAML_ERRORS) as error:
        if file.stem == "hugo":
            problem = " ".join(str(error).split())[:120]
            findings.append(
                Finding(
                    "site-unread",
                    Severity.WARNING,
                    f"The site's configuration cannot be read: {problem}",
                    "Mend it, or set NEWSLETTER_SITE_URL.",
                    path=file,
                )
            )
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key).lower(): value for key, value in found.items()}


def _parse(text: str, suffix: str) -> Any:
    if suffix == ".toml":
        return tomllib.loads(text)
    if suffix == ".json":
        return json.loads(text)
    return yaml.load(text, Loader=YAML_LOADER)  # noqa: S506 (a SafeLoader)


def post_url(site: Site, path: Path, metadata: Metadata) -> str | None:
    """Return the post's own address, or None when the site's rules do not tell it."""
    if metadata.url:
        if web_base(metadata.url):
            return metadata.url
        return _below(site.base, quote(metadata.url, safe="/%#?&=+~:@.-_")) if site.base else None
    if not site.base or site.content is None:
        return None
    try:
        inside = path.resolve().relative_to(site.content.resolve())
    except ValueError:
        return None
    prefix, name = _language(site, path.stem)
    folders = list(inside.parts[:-1])
    is_bundle = name == "index"
    own = folders.pop() if is_bundle and folders else name
    page = _Page(folders, own, metadata)
    pattern = _pattern(site.settings.get("permalinks"), folders[0] if folders else "/")
    where = _expand(pattern, page) if pattern else page.default()
    if where is None:
        return None
    if site.settings.get("disablepathtolower") is not True:
        where = where.lower()
    if site.settings.get("uglyurls") is True and not where.endswith("/"):
        where += ".html"
    elif not where.endswith("/") and "." not in where.rsplit("/", 1)[-1]:
        where += "/"
    return _below(site.base, prefix + quote(where.lstrip("/"), safe="/%+~.-_"))


def _below(base: str, path: str) -> str:
    return urljoin(base, "./" + path.lstrip("/"))


def _language(site: Site, stem: str) -> tuple[str, str]:
    """Return the folder of a translation (`index.de.md` lives below `de/`) and the plain name."""
    languages = site.settings.get("languages")
    name, dot, code = stem.rpartition(".")
    default = str(site.settings.get("defaultcontentlanguage", "en"))
    in_folder = site.settings.get("defaultcontentlanguageinsubdir") is True
    if not isinstance(languages, dict):
        return "", stem
    if not dot or code not in languages:
        return (f"{default}/" if in_folder else ""), stem
    return (f"{code}/" if code != default or in_folder else ""), name


@dataclass(frozen=True, slots=True)
class _Page:
    folders: list[str]
    name: str
    metadata: Metadata

    def default(self) -> str:
        parts = [*self.folders, self.metadata.slug or self.name]
        return "/".join(urlize(part) for part in parts if part and part != "_index")


def _pattern(permalinks: Any, section: str) -> str:
    if not isinstance(permalinks, dict):
        return ""
    page = permalinks.get("page")
    for table in (page if isinstance(page, dict) else {}, permalinks):
        pattern = table.get(section)
        if isinstance(pattern, str):
            return pattern
    return ""


def _expand(pattern: str, page: _Page) -> str | None:
    filled = []
    at = 0
    for found in TOKEN.finditer(pattern):
        value = _token(found[1], found[2] or "", page)
        if value is None:
            return None
        filled += [pattern[at : found.start()], value]
        at = found.end()
    return re.sub(r"/{2,}", "/", "".join([*filled, pattern[at:]]))


def _token(name: str, part: str, page: _Page) -> str | None:
    metadata = page.metadata
    if name in ("slug", "slugorfilename", "slugorcontentbasename"):
        return urlize(metadata.slug or (metadata.title if name == "slug" else page.name))
    if name == "title":
        return urlize(metadata.title)
    if name in ("filename", "contentbasename"):
        return urlize(page.name)
    if name == "section":
        return urlize(page.folders[0]) if page.folders else ""
    if name == "sections":
        return "/".join(urlize(folder) for folder in page.folders[_slice(part)])
    return _date_token(name, metadata.date)


def _slice(part: str) -> slice:
    start, colon, end = part.strip("[]").partition(":")
    number = {"": None, "last": -1}
    first = number.get(start, int(start) if start.isdigit() else None)
    if part and not colon:
        return slice(first, None if first is None or first == -1 else first + 1)
    return slice(first, number.get(end, int(end) if end.isdigit() else None))


def _date_token(name: str, when: date | None) -> str | None:
    if when is None:
        return None
    months = "january february march april may june july august september october november december"
    days = "monday tuesday wednesday thursday friday saturday sunday"
    return {
        "year": f"{when.year:04}",
        "month": f"{when.month:02}",
        "monthname": months.split()[when.month - 1],
        "day": f"{when.day:02}",
        "weekday": str(when.isoweekday() % 7),
        "weekdayname": days.split()[when.weekday()],
        "yearday": str(when.timetuple().tm_yday),
    }.get(name)


def urlize(text: str) -> str:
    """Return a path segment as Hugo makes it: marks and letters stay, blanks become hyphens."""
    kept: Iterator[str] = (
        letter
        for letter in "-".join(text.split())
        if letter.isalnum() or letter in KEPT or unicodedata.category(letter) == "Mn"
    )
    return re.sub(r"-{2,}", "-", "".join(kept))
