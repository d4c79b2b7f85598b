"""Jekyll's site: its configuration, and what it adds to a page's front matter."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from newsletter.digest.configuration import NoConfiguration, read_settings, unread
from newsletter.digest.dialects.jekyll.documents import (
    Document,
    collections_folder,
    defaults,
    document,
    source_folder,
)
from newsletter.digest.dialects.jekyll.permalinks import HTML, MARKDOWN, Permalinks, joined
from newsletter.digest.front_matter import FrontMatter, split
from newsletter.digest.metadata import Metadata
from newsletter.digest.site import Place, Site, web_base
from newsletter.digest.site_files import read_site_file
from newsletter.errors import PostError
from newsletter.findings import Finding

CONFIGS = ("_config.yml", "_config.yaml", "_config.toml")


class JekyllSite(Site):
    """A site by Jekyll's rules; `root` is the folder of `_config.yml`."""

    __slots__ = ()

    @property
    def source(self) -> Path | None:
        """The folder in which the site's files lie, None without a configuration."""
        return source_folder(self.root, self.settings) if self.root else None

    def document(self, file: Path) -> Document | None:
        """Return what a file is to this site, None for one that is not of it."""
        return document(file, self.source, self.settings) if self.source else None

    def complete(self, matter: FrontMatter, file: Path) -> FrontMatter:
        """Add the configuration's defaults, and what a post's path says of it."""
        one = self.document(file)
        if one is None:
            return matter
        values = {**defaults(one, self.settings), **matter.values}
        if one.day:
            values.setdefault("date", one.day)
        if one.kind != "pages":
            values.setdefault("title", " ".join(map(str.capitalize, one.slug.split("-"))))
        when = values.get("date")
        if isinstance(when, datetime) and "timezone" in self.settings:
            values["date"] = Permalinks(self.settings).moment(when)
        if one.kind == "drafts":
            values["draft"] = True
        return replace(matter, values=values)

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return a page's address by its permalink, or by its collection's."""
        if not self.base:
            return None
        path = self.path(post, metadata.values)
        return None if path is None else joined(self.base, path)

    def path(self, file: Path, values: Any) -> str | None:
        """Return the path of a page below the base address, None when the rules do not tell it."""
        one = self.document(file)
        if one is None:
            written = values.get("permalink")
            is_whole = isinstance(written, str) and written.startswith("/") and ":" not in written
            return written if is_whole else None
        return Permalinks(self.settings).path(one, values)

    def address(self, name: str) -> str | None:
        """Return the path of a site's file, as `{% link %}` names it, below the base address."""
        for folder in self.folders:
            text = read_site_file(folder, name)
            if text is not None:
                return self._address(folder / name.lstrip("/"), text)
        return None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders from which the site's paths count: of all files, and of the collections."""
        if self.source is None:
            return ()
        return tuple(dict.fromkeys((self.source, self.source / collections_folder(self.settings))))

    def _address(self, file: Path, text: str) -> str | None:
        if file.suffix not in HTML + MARKDOWN or not text.startswith("---"):
            return "/" + file.relative_to(self.folders[0]).as_posix()
        try:
            matter = self.complete(split(text, file), file)
        except PostError:
            return None
        return self.path(file, matter.values)

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file below the source folder, with or without the `baseurl` before it."""
        if self.source is None:
            return Site.places(self, src, post)
        files = replace(self, root=self.source)
        bare = src.removeprefix(self.prefix) if src.startswith(f"{self.prefix}/") else src
        names = dict.fromkeys((bare, src))
        return tuple(place for name in names for place in Site.places(files, name, post))

    @property
    def prefix(self) -> str:
        """The path of the base address: `/` where it has none, `/blog` without the last slash."""
        return web_path(self.base)


def web_path(base: str) -> str:
    """Return the path of a base address without its last slash."""
    return "/" + "/".join(base.split("/")[3:]).strip("/") if base.count("/") > 3 else ""


def read_site(root: Path | None, site_url: str) -> JekyllSite:
    """Read the configuration in a root; `site_url` beats its `url` and `baseurl`."""
    settings: dict[str, Any] = {}
    findings: tuple[Finding, ...] = ()
    file = (
        next((root / name for name in CONFIGS if (root / name).is_file()), None) if root else None
    )
    if file:
        try:
            settings = read_settings(file)
        except NoConfiguration as error:
            findings = (unread(file, error),)
    base = web_base(site_url)
    if not base and web_base(settings.get("url")):
        base = web_base(
            settings["url"].rstrip("/") + "/" + _text(settings.get("baseurl")).strip("/")
        )
    return JekyllSite(root if file else None, base, settings, findings)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
