"""MkDocs' site: its configuration, and the rules by which it publishes a page or a blog's post.

https://www.mkdocs.org/user-guide/configuration/,
https://squidfunk.github.io/mkdocs-material/plugins/blog/
"""

import os
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from newsletter.digest.code_spans import fences
from newsletter.digest.configuration import NoConfiguration, read_settings, unread
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.inline_words import plain
from newsletter.digest.markdown import parse
from newsletter.digest.metadata import Metadata
from newsletter.digest.post_file import MARKDOWN
from newsletter.digest.site import Place, Site, below, web_base
from newsletter.findings import Finding

# The last one is that of MkDocs' successor, which publishes in the same way.
CONFIGS = ("mkdocs.yml", "mkdocs.yaml", "zensical.toml")
HEADING = re.compile(r"#[ \t]+\S[^\n]{0,400}$")
BLOGS = ("blog", "material/blog")
# Letters of Unicode's date patterns, as Babel reads them, that stand in addresses.
DATE_LETTERS = (("yyyy", "%Y"), ("yy", "%y"), ("MM", "%m"), ("dd", "%d"), ("y", "%Y"))


class MkDocsSite(Site):
    """A site by MkDocs' rules; links and pictures are relative to sources, not to pages."""

    __slots__ = ()

    @property
    def docs(self) -> Path:
        """The folder of the pages."""
        named = self.settings.get("docs_dir")
        return (self.root or Path()) / (named if isinstance(named, str) else "docs")

    @property
    def _blog(self) -> Mapping[str, Any] | None:
        """The settings of the blog plugin, None without one."""
        plugins = self.settings.get("plugins")
        if isinstance(plugins, dict):
            plugins = [plugins]
        for plugin in plugins if isinstance(plugins, list) else ():
            for name, table in plugin.items() if isinstance(plugin, dict) else ((plugin, {}),):
                if name in BLOGS:
                    return table if isinstance(table, dict) else {}
        return None

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return a page's address: a folder's for `a.md`, or as the blog's format makes it."""
        if not self.base or self.root is None:
            return None
        try:
            inside = post.resolve().relative_to(self.docs.resolve())
        except ValueError:
            return None
        blog = self._blog
        if blog is not None:
            folder = Path(_folder(blog))
            posts = Path(str(blog.get("post_dir", "{blog}/posts")).replace("{blog}", str(folder)))
            if inside.is_relative_to(posts):
                where = _post_path(blog, inside.relative_to(posts), metadata)
                return None if where is None else self._published(folder / where)
        if inside.stem.lower() in ("index", "readme"):
            inside = inside.parent / ("" if self._in_folders else "index.html")
            return below(self.base, _quoted(inside) + ("/" if self._in_folders else "")).replace(
                "/./", "/"
            )
        return self._published(inside.with_suffix(""))

    @property
    def _in_folders(self) -> bool:
        return self.settings.get("use_directory_urls") is not False

    def _published(self, path: Path) -> str:
        return below(self.base, _quoted(path) + ("/" if self._in_folders else ".html"))

    def complete(self, matter: FrontMatter, file: Path) -> FrontMatter:
        """Return front matter with the slug that a heading makes, and authors' own names."""
        values = dict(matter.values)
        blog = self._blog
        if blog is not None and not values.keys() & {"slug", "title"}:
            values["slug"] = slugify(_first_heading(matter.body))
        if blog is not None and isinstance(values.get("authors"), list):
            known = self._authors(blog)
            values["authors"] = [known.get(str(one), one) for one in values["authors"]]
        return FrontMatter(values, matter.body, matter.lines)

    def _authors(self, blog: Mapping[str, Any]) -> Mapping[str, Any]:
        file = str(blog.get("authors_file", "{blog}/.authors.yml"))
        try:
            found = read_settings(self.docs / file.replace("{blog}", _folder(blog)))
        except NoConfiguration:
            return {}
        table = found.get("authors")
        return (
            {key: one for key, one in table.items() if isinstance(one, dict)}
            if isinstance(table, dict)
            else {}
        )

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where a link to another source or to a file beside it leads."""
        page, mark, part = href.partition("#")
        path = unquote(urlsplit(page).path)
        if not path or path.startswith("/") or self.root is None:
            return None
        if path.lower().endswith(MARKDOWN):
            return Site.resolve(self, href, post)
        inside = os.path.relpath(
            os.path.normpath(post.parent.resolve() / path), self.docs.resolve()
        )
        if inside.startswith("..") or not (self.docs / inside).is_file():
            return None
        return below(self.base, quote(Path(inside).as_posix())) + mark + part if self.base else ""

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file beside the source, or below the folder of the pages."""
        written = unquote(urlsplit(src).path)
        if self.root is None or not written:
            return Site.places(self, src, post)
        if written.startswith("/"):
            return (Place(self.docs / written.lstrip("/"), self.root),)
        return (Place(post.parent / written, self.root),)


def read_site(root: Path | None, site_url: str) -> MkDocsSite:
    """Read the configuration in a root; `site_url` beats the address in it."""
    settings: dict[str, Any] = {}
    findings: tuple[Finding, ...] = ()
    for name in CONFIGS if root else ():
        file = (root or Path()) / name
        try:
            settings = settings or read_settings(file)
        except NoConfiguration as error:
            findings = (unread(file, error),)
    project = settings.get("project")
    settings = project if isinstance(project, dict) else settings
    return MkDocsSite(
        root, web_base(site_url) or web_base(settings.get("site_url")), settings, findings
    )


def _quoted(path: Path) -> str:
    return quote(path.as_posix(), safe="/%+~.-_@")


def _folder(blog: Mapping[str, Any]) -> str:
    return str(blog.get("blog_dir", "blog"))


def _post_path(blog: Mapping[str, Any], inside: Path, metadata: Metadata) -> Path | None:
    """Return where a post goes below the blog, None when its date or title is not known."""
    form = str(blog.get("post_url_format", "{date}/{slug}"))
    when = metadata.date
    slug = metadata.slug or slugify(metadata.title)
    if ("{date}" in form and not isinstance(when, date)) or not slug:
        return None
    pattern = str(blog.get("post_url_date_format", "yyyy/MM/dd"))
    parts = {
        "date": _formatted(when, pattern) if when else "",
        "slug": slug,
        "file": inside.stem,
        "categories": "/".join(map(slugify, metadata.categories[:1])),
    }
    for name, value in parts.items():
        form = form.replace(f"{{{name}}}", value)
    return Path(form.strip("/"))


def _formatted(when: date, pattern: str) -> str:
    for letters, code in DATE_LETTERS:
        if letters in pattern:
            pattern = pattern.replace(letters, when.strftime(code).zfill(len(letters)))
    return pattern


def slugify(text: str) -> str:
    """Return words as Material's blog makes them part of an address (pymdownx.slugs, lower)."""
    text = unicodedata.normalize("NFC", text).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def _first_heading(body: str) -> str:
    """Return the words of the first `# heading`."""
    for piece in fences(body):
        for line in () if piece.is_code else piece.text.split("\n"):
            if HEADING.match(line):
                tokens, _ = parse(line.partition("{")[0])
                return plain(tokens[1])
    return ""
