"""Pelican's site: its settings, read as text, and where its articles and files are published."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from newsletter.digest.configuration import NoConfiguration, unread
from newsletter.digest.dialects.pelican.addresses import KINDS, filled, named, place, setting
from newsletter.digest.dialects.pelican.slugs import pattern
from newsletter.digest.dialects.python_markdown.head import split_head
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.metadata import Metadata, read_metadata
from newsletter.digest.post_file import MARKDOWN, read_text
from newsletter.digest.python_values import read_python
from newsletter.digest.site import Place, Site, below, web_base
from newsletter.digest.site_files import site_file
from newsletter.findings import Finding

CONFIGS = ("pelicanconf.py", "publishconf.py")
# `{filename}a.md`, or the older `|filename|a.md`.
INTERNAL = re.compile(r"[{|](?P<what>\w+)[|}](?P<rest>.*)", re.DOTALL)
FILES = ("filename", "static", "attach")
FILENAME = r"(?P<date>\d{4}-\d{2}-\d{2}).*"
SAFE = "/%:@!$&'()*+,;=~-._"


class PelicanSite(Site):
    """A site by Pelican's rules; `root` is the folder of `pelicanconf.py`."""

    __slots__ = ()

    @property
    def content(self) -> Path | None:
        """The folder that holds the articles, None without settings."""
        if self.root is None:
            return None
        root = self.root.resolve()
        written = self.settings.get("PATH")
        named = [written] if isinstance(written, str) and written else []
        for name in (*named, "content"):
            folder = (root / name).resolve()
            if folder.is_relative_to(root) and folder.is_dir():
                return folder
        return root

    def inside(self, file: Path) -> PurePosixPath | None:
        """Return the path of a file within the content folder, None for one outside."""
        content = self.content
        try:
            return (
                PurePosixPath(file.resolve().relative_to(content).as_posix()) if content else None
            )
        except (OSError, ValueError):
            return None

    def complete(self, matter: FrontMatter, file: Path) -> FrontMatter:
        """Add what the file's name, its folder and the settings say of it; keys in small letters."""
        values = {str(key).lower(): value for key, value in matter.values.items()}
        inside = self.inside(file)
        if inside is not None:
            # Nothing that is there already is changed by what comes after it.
            for more in (*_told(inside, self.settings), _defaults(self.settings)):
                values = {**more, **values}
        return replace(matter, values=values)

    def metadata(self, file: Path) -> Metadata:
        """Return what another page of the site says of itself; raises PostError."""
        return read_metadata(self.complete(split_head(read_text(file), file), file), file)

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return an article's or a page's address by the `…_URL` settings."""
        path = self._place(post, metadata.values, "URL")
        return below(self.base, quote(path, safe=SAFE)) if self.base and path is not None else None

    def _place(self, post: Path, values: Mapping[str, Any], what: str) -> str | None:
        inside = self.inside(post)
        if inside is None:
            return None
        kind = "PAGE" if _is_page(inside, self.settings) else "ARTICLE"
        return place(kind, {**values, "path": str(inside)}, self.settings, what)

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where `{filename}`, `{static}`, `{attach}`, `{tag}` and the like lead."""
        found = INTERNAL.fullmatch(unquote(href))
        if not found:
            return Site.resolve(self, href, post)
        if not self.base:
            return ""
        path, mark, part = re.fullmatch(r"([^?#]*)([?#]?)(.*)", found["rest"], re.DOTALL).groups()  # type: ignore[union-attr]
        where = self._internal(found["what"], path, post)
        if where is None:
            return ""
        return where + mark + quote(part, safe=SAFE + "?#")

    def _internal(self, what: str, path: str, post: Path) -> str | None:
        if what == "static" and self.content is None and path.startswith("/"):
            return below(self.base, quote(path, safe=SAFE))
        if what in FILES:
            return self._file_address(what, path, post)
        if what == "index":
            return below(self.base, setting(self.settings, "INDEX_SAVE_AS"))
        if what in KINDS:
            written = named(what, path, self.settings)
            return below(self.base, quote(written, safe=SAFE)) if written else None
        return None

    def _file_address(self, what: str, path: str, post: Path) -> str | None:
        file = self._file(path, post)
        inside = self.inside(file) if file else None
        if file is None or inside is None:
            return None
        if file.suffix.lower() in MARKDOWN and what == "filename":
            return self.page_url(file)
        written = str(inside)
        if what == "attach":
            written = self._attached(file, post) or written
        else:
            written = filled(setting(self.settings, "STATIC_URL"), {"path": written}) or written
        return below(self.base, quote(written, safe=SAFE))

    def _attached(self, file: Path, post: Path) -> str | None:
        """Return where an attached file goes: to the article, with its folders if it lies below it."""
        try:
            values = self.metadata(post).values
        except (OSError, ValueError):
            return None
        article = self._place(post, values, "SAVE_AS")
        if article is None:
            return None
        around = post.resolve().parent
        tail = file.relative_to(around).as_posix() if file.is_relative_to(around) else file.name
        return str(PurePosixPath(article).parent / tail)

    def _file(self, path: str, post: Path) -> Path | None:
        content, inside = self.content, self.inside(post)
        if content is None or inside is None:
            return None
        if path.startswith("/"):
            return site_file(content, path)
        return site_file(content, str(inside.parent / path))

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file that `{static}` and the like mean, or the one below the content folder."""
        found = INTERNAL.fullmatch(unquote(src))
        content = self.content
        if content is None:
            return Site.places(self, src, post)
        if found:
            file = self._file(urlsplit(found["rest"]).path, post)
            return (Place(file, content),) if file else ()
        return Site.places(replace(self, root=content), src, post)


def _told(inside: PurePosixPath, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a file's path says of it, what counts most first."""
    found = []
    for name, default, text in (
        ("FILENAME_METADATA", FILENAME, inside.stem),
        ("PATH_METADATA", "", str(inside)),
    ):
        read = pattern(settings.get(name, default))
        match = read.match(text[:200]) if read and read.pattern else None
        groups = match.groupdict() if match else {}
        found.append({key.lower(): value for key, value in groups.items() if value is not None})
    folder = inside.parent.name
    if folder and settings.get("USE_FOLDER_AS_CATEGORY", True) is not False:
        found.append({"category": folder})
    return found


def _defaults(settings: Mapping[str, Any]) -> dict[str, Any]:
    values = settings.get("DEFAULT_METADATA")
    found = (
        {str(key).lower(): one for key, one in values.items()} if isinstance(values, dict) else {}
    )
    for key, name in (("author", "AUTHOR"), ("lang", "DEFAULT_LANG")):
        if isinstance(settings.get(name), str):
            found.setdefault(key, settings[name])
    return found


def _is_page(inside: PurePosixPath, settings: Mapping[str, Any]) -> bool:
    folders = settings.get("PAGE_PATHS", ["pages"])
    return any(
        isinstance(folder, str) and folder and inside.is_relative_to(folder)
        for folder in (folders if isinstance(folders, list) else [folders])
    )


def read_site(root: Path | None, site_url: str) -> PelicanSite:
    """Read the settings in a root, those for publishing above the others."""
    settings: dict[str, Any] = {}
    findings: list[Finding] = []
    for file in (root / name for name in CONFIGS) if root else ():
        try:
            settings |= {key: value for key, value in read_python(file).items() if key.isupper()}
        except NoConfiguration as error:
            findings.append(unread(file, error))
    base = web_base(site_url) or web_base(settings.get("SITEURL"))
    there = root if root and any((root / name).is_file() for name in CONFIGS) else None
    return PelicanSite(there, base, settings, tuple(findings))
