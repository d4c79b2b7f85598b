"""Docusaurus' site: its configuration, read as text, and the rules by which it publishes a post.

https://docusaurus.io/docs/api/docusaurus-config, …/api/plugins/@docusaurus/plugin-content-blog
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from newsletter.digest.configuration import NoConfiguration, read_settings
from newsletter.digest.dates import parse_date
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.javascript import config_values
from newsletter.digest.metadata import Metadata
from newsletter.digest.post_file import MARKDOWN
from newsletter.digest.site import Place, Site, below, web_base

CONFIGS = tuple(f"docusaurus.config.{end}" for end in ("js", "ts", "mjs", "cjs", "mts", "cts"))
# `2026-01-06-name.md`, `2026/01-06-name.md`, `2026/01/06/name/index.mdx`, with folders above.
DATED = re.compile(
    r"(?P<folder>.*?)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<text>.*?)(?:/index)?\.mdx?"
)
AUTHORS = ("authors.yml", "authors.yaml", "authors.json")
NUMBER_PREFIX = re.compile(r"^\d+\s*[-_.]+\s*(?=[^-_.\s])")


class DocusaurusSite(Site):
    """A site by Docusaurus' rules; settings are dotted keys, as `javascript` reads them."""

    __slots__ = ()

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return a post's address by its slug, or by the date and the words of its name."""
        if not self.base or self.root is None:
            return None
        for folder, route, is_blog in self._collections():
            try:
                inside = post.resolve().relative_to(folder.resolve()).as_posix()
            except ValueError:
                continue
            where = _blog_path(inside, metadata) if is_blog else _doc_path(inside, metadata)
            return self._published("/".join(filter(None, (route, where.strip("/")))))
        return None

    def _collections(self) -> list[tuple[Path, str, bool]]:
        """Return the folders of posts, documents and pages with the routes they are below."""
        root = self.root or Path()
        blog = self._setting("blog.path", "presets.blog.path") or "blog"
        docs = self._setting("docs.path", "presets.docs.path") or "docs"
        blog_route = self._setting("blog.routeBasePath", "presets.blog.routeBasePath")
        docs_route = self._setting("docs.routeBasePath", "presets.docs.routeBasePath")
        return [
            (root / blog, ("blog" if blog_route is None else blog_route).strip("/"), True),
            (root / docs, ("docs" if docs_route is None else docs_route).strip("/"), False),
            (root / "src" / "pages", "", False),
        ]

    def _setting(self, *names: str) -> str | None:
        found = (self.settings.get(name) for name in names)
        return next((value for value in found if isinstance(value, str)), None)

    def _published(self, path: str) -> str:
        is_slashed = self.settings.get("trailingSlash") is True
        quoted = quote(path, safe="/%+~.-_@:!$&'()*,;=")
        return below(self.base, quoted + ("/" if is_slashed and quoted else ""))

    def complete(self, matter: FrontMatter, file: Path) -> FrontMatter:
        """Return front matter with the date of the name and the authors' own names."""
        values = dict(matter.values)
        known = self._authors(file)
        for key in ("authors", "author"):
            if key in values:
                values[key] = _named(values[key], known)
        if self.root is not None and "date" not in values:
            dated = DATED.fullmatch(_inside(file, self.root))
            when = parse_date(dated["date"].replace("/", "-")) if dated else None
            if when:
                values["date"] = when
        return FrontMatter(values, matter.body, matter.lines)

    def _authors(self, file: Path) -> Mapping[str, Any]:
        """Return the table of authors of the folder of posts, empty without one."""
        folders = [folder for folder, _, is_blog in self._collections() if is_blog]
        for folder in (*(folders if self.root else ()), file.parent):
            for name in AUTHORS:
                try:
                    found = read_settings(folder / name)
                except NoConfiguration:
                    continue
                if found:
                    return found
        return {}

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where a link leads; pictures beside a post get a name that only a build knows."""
        path = urlsplit(href).path
        if path.startswith("@site/static/"):
            return below(self.base, path.removeprefix("@site/static/")) if self.base else ""
        if path.startswith("@site/"):
            return ""
        if path.lower().endswith(MARKDOWN):
            if path.startswith("/"):
                return Site.resolve(self, str(self.root) + path, post) if self.root else None
            return Site.resolve(self, href, post)
        if path.startswith("/"):
            return below(self.base, href) if self.base else None
        return "" if _is_file(post.parent / unquote(path)) else None

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file beside the post, in the site's `static`, or behind `@site/`."""
        written = unquote(urlsplit(src).path)
        if self.root is None or not written:
            return Site.places(self, src, post)
        if written.startswith("@site/"):
            return (Place(self.root / written.removeprefix("@site/"), self.root),)
        if written.startswith("/"):
            return (Place(self.root / "static" / written.lstrip("/"), self.root),)
        return (Place(post.parent / written, self.root),)


def read_site(root: Path | None, site_url: str) -> DocusaurusSite:
    """Read `url` and `baseUrl`; `site_url` beats both."""
    if root is None:
        return DocusaurusSite(None, web_base(site_url))
    file = next((root / name for name in CONFIGS if (root / name).is_file()), root / CONFIGS[0])
    settings = config_values(file)
    base = web_base(settings.get("url"))
    path = settings.get("baseUrl")
    if base and isinstance(path, str) and path.strip("/"):
        base = below(base, path.strip("/") + "/")
    return DocusaurusSite(root, web_base(site_url) or base, settings)


def _blog_path(inside: str, metadata: Metadata) -> str:
    if metadata.slug:
        return metadata.slug
    dated = DATED.fullmatch(inside)
    if dated:
        return f"{dated['date'].replace('-', '/')}/{dated['folder']}{dated['text']}"
    return re.sub(r"(?:/index)?\.mdx?$", "", inside)


def _doc_path(inside: str, metadata: Metadata) -> str:
    *folders, name = re.sub(r"\.mdx?$", "", inside).split("/")
    folders = [NUMBER_PREFIX.sub("", folder) for folder in folders]
    if metadata.slug.startswith("/"):
        return metadata.slug
    name = metadata.slug or NUMBER_PREFIX.sub("", name)
    is_index = name.lower() in ("index", "readme") or folders[-1:] == [name]
    return "/".join(folders if is_index and not metadata.slug else [*folders, name])


def _named(value: Any, known: Mapping[str, Any]) -> Any:
    """Return authors with those who are named by a key of the table under their own names."""
    if isinstance(value, list):
        return [_named(one, known) for one in value]
    if isinstance(value, dict):
        table = known.get(str(value.get("key")))
        return (table | value) if isinstance(table, dict) else value
    found = known.get(value) if isinstance(value, str) else None
    return found if isinstance(found, dict) and found.get("name") else value


def _inside(file: Path, root: Path) -> str:
    try:
        return file.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return file.name


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
