"""Quarto's site: its configuration, and the rules by which it publishes a page.

https://quarto.org/docs/websites/; R Markdown's own sites (`_site.yml`) publish in the same way.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from newsletter.digest.configuration import NoConfiguration, read_settings, unread
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.metadata import Metadata
from newsletter.digest.post_file import MARKDOWN
from newsletter.digest.site import Place, Site, below, web_base
from newsletter.findings import Finding

CONFIGS = ("_quarto.yml", "_quarto.yaml", "_site.yml")
FOLDER_METADATA = ("_metadata.yml", "_metadata.yaml")


class QuartoSite(Site):
    """A site by Quarto's rules: a page is published beside its own pictures, as `.html`."""

    __slots__ = ()

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return where a page is published: `posts/a.html`, or the folder of an `index.qmd`."""
        if not self.base or self.root is None:
            return None
        try:
            inside = post.resolve().relative_to(self.root.resolve())
        except ValueError:
            return None
        if inside.stem == "index":
            folder = inside.parent.as_posix()
            return self.base if folder == "." else below(self.base, f"{quote(folder)}/")
        return below(self.base, quote(inside.with_suffix(".html").as_posix()))

    def complete(self, matter: FrontMatter, file: Path) -> FrontMatter:
        """Return front matter with what the folders above set for all their posts."""
        if self.root is None:
            return matter
        values = dict(matter.values)
        folder = file.resolve().parent
        root = self.root.resolve()
        while folder.is_relative_to(root):
            for name in FOLDER_METADATA:
                for key, value in _settings(folder / name)[0].items():
                    values.setdefault(key, value)
            if folder == root:
                break
            folder = folder.parent
        if "lang" in self.settings:
            values.setdefault("lang", self.settings["lang"])
        return FrontMatter(values, matter.body, matter.lines)

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where a link to another page's source leads, below the root or beside the post."""
        if not href.startswith("/"):
            return Site.resolve(self, href, post)
        page, mark, part = href.partition("#")
        if self.root is None:
            return None
        if page.lower().endswith(MARKDOWN):
            found = self.page_url(self.root / unquote(page).lstrip("/"))
            return found + mark + part if found else ""
        return below(self.base, href) if self.base else None

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file beside the post, or below the site's root."""
        written = unquote(urlsplit(src).path)
        if not written:
            return ()
        if self.root is None:
            return Site.places(self, src, post)
        if written.startswith("/"):
            return (Place(self.root / written.lstrip("/"), self.root),)
        return (Place(post.parent / written, self.root),)


def read_site(root: Path | None, site_url: str) -> QuartoSite:
    """Read the configuration in a root; `site_url` beats the address in it."""
    if root is None:
        return QuartoSite(None, web_base(site_url))
    settings: Mapping[str, Any] = {}
    findings: tuple[Finding, ...] = ()
    for name in CONFIGS:
        if (root / name).is_file():
            settings, findings = _settings(root / name)
            break
    return QuartoSite(root, web_base(site_url) or _base(settings), settings, findings)


def _base(settings: Mapping[str, Any]) -> str:
    for name in ("website", "book", "site"):
        table = settings.get(name)
        if isinstance(table, dict):
            base = web_base(table.get("site-url"))
            path = table.get("site-path")
            if base and isinstance(path, str) and not urlsplit(base).path.strip("/"):
                base = below(base, path.strip("/") + "/") if path.strip("/") else base
            if base:
                return base
    return web_base(settings.get("base_url"))


def _settings(file: Path) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    try:
        return read_settings(file), ()
    except NoConfiguration as error:
        return {}, (unread(file, error),)
