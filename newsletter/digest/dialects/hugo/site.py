"""Hugo's site: its configuration, and the rules by which it publishes a page."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from newsletter.digest.configuration import NoConfiguration, read_settings, unread
from newsletter.digest.metadata import Metadata
from newsletter.digest.site import Place, Site, below, web_base
from newsletter.findings import Finding

CONFIGS = tuple(
    f"{folder}{name}.{kind}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for kind in ("toml", "yaml", "yml", "json")
)
TOKEN = re.compile(r":([a-z]+)(\[[^\]]*\])?")
# What Hugo leaves in a path; all else goes, and blanks become hyphens.
KEPT = set("._#+~-/\\%@")


class HugoSite(Site):
    """A site by Hugo's rules; the names of its settings are lowered, as Hugo reads them."""

    __slots__ = ()

    @property
    def content(self) -> Path | None:
        """The folder that holds the posts, None without a configuration."""
        if self.root is None:
            return None
        named = self.settings.get("contentdir")
        return self.root / (named if isinstance(named, str) and named else "content")

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return the post's own address by `url`, `permalinks`, section and name."""
        if metadata.url:
            if web_base(metadata.url):
                return metadata.url
            quoted = quote(metadata.url, safe="/%#?&=+~:@.-_")
            return below(self.base, quoted) if self.base else None
        if not self.base or self.content is None:
            return None
        try:
            inside = post.resolve().relative_to(self.content.resolve())
        except ValueError:
            return None
        where = self._where(inside, metadata)
        return None if where is None else below(self.base, where)

    def _where(self, inside: Path, metadata: Metadata) -> str | None:
        prefix, name = _language(self, inside.stem)
        folders = list(inside.parts[:-1])
        is_bundle = name == "index"
        own = folders.pop() if is_bundle and folders else name
        page = _Page(folders, own, metadata)
        pattern = _pattern(self.settings.get("permalinks"), folders[0] if folders else "/")
        where = _expand(pattern, page) if pattern else page.default()
        if where is None:
            return None
        if self.settings.get("disablepathtolower") is not True:
            where = where.lower()
        if self.settings.get("uglyurls") is True and not where.endswith("/"):
            where += ".html"
        elif not where.endswith("/") and "." not in where.rsplit("/", 1)[-1]:
            where += "/"
        return prefix + quote(where.lstrip("/"), safe="/%+~.-_")

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the bundle's file, or the one below `static` or `assets`."""
        written = unquote(urlsplit(src).path)
        if not written.startswith("/") or self.root is None:
            return Site.places(self, src, post)
        folders = [self.root / name for name in ("static", "assets")]
        return tuple(Place(folder / written.lstrip("/"), folder) for folder in folders)


def claims(folder: Path) -> bool:
    """Return whether a folder is the root of a Hugo site: a `hugo.*`, or a `config.*` with baseURL."""
    return _configuration(folder)[0] is not None


def read_site(root: Path | None, site_url: str) -> HugoSite:
    """Read the configuration in a root; `site_url` beats its baseURL."""
    file, settings, findings = _configuration(root) if root else (None, {}, ())
    base = web_base(site_url) or web_base(settings.get("baseurl"))
    return HugoSite(root if file else None, base, settings, findings)


def _configuration(root: Path) -> tuple[Path | None, dict[str, Any], tuple[Finding, ...]]:
    for file in (root / name for name in CONFIGS):
        try:
            settings = {key.lower(): value for key, value in read_settings(file).items()}
        except NoConfiguration as error:
            if file.stem == "hugo":
                return file, {}, (unread(file, error),)
            continue
        # Zola, Jekyll and others keep a `config.*` too.
        if settings and (file.stem == "hugo" or web_base(settings.get("baseurl"))):
            return file, settings, ()
    return None, {}, ()


def _language(site: HugoSite, stem: str) -> tuple[str, str]:
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
