"""Nikola's site: `conf.py` read as text, where its posts are published, what `link://` means."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from newsletter.digest.configuration import NoConfiguration, unread
from newsletter.digest.dialects.nikola.head import split_metadata
from newsletter.digest.dialects.pelican.slugs import ascii_only
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.metadata import Metadata, read_metadata
from newsletter.digest.post_file import MARKDOWN, read_text
from newsletter.digest.python_values import read_python
from newsletter.digest.site import Place, Site, below, web_base
from newsletter.digest.site_files import read_site_file, site_file
from newsletter.errors import PostError
from newsletter.findings import Finding

CONFIG = "conf.py"
SIGNS = re.compile(r"^(?:BLOG_TITLE|BLOG_AUTHOR|BLOG_DESCRIPTION)\s*=", re.MULTILINE)
SAFE = "/%:@!$&'()*+,;=~-._"
MOST_POSTS = 5_000
HIDDEN = ("draft", "private")


@dataclass(frozen=True, slots=True)
class NikolaSite(Site):
    """A site by Nikola's rules; `root` is the folder of `conf.py`.

    `slugs` holds the address of each post by its slug once a link has asked for one.
    """

    slugs: dict[str, str] = field(default_factory=dict)

    def inside(self, file: Path) -> PurePosixPath | None:
        """Return the path of a file from the root, None for one outside."""
        try:
            root = self.root.resolve() if self.root else None
            return PurePosixPath(file.resolve().relative_to(root).as_posix()) if root else None
        except (OSError, ValueError):
            return None

    def complete(self, matter: FrontMatter, file: Path) -> FrontMatter:
        """Add the author, the language, and that a tag makes a draft of a post."""
        values = dict(matter.values)
        tags = values.get("tags")
        if isinstance(tags, list) and any(one in HIDDEN for one in tags):
            values["draft"] = True
        author = self.settings.get("BLOG_AUTHOR")
        if isinstance(author, str):
            values.setdefault("author", author)
        if self.root is not None:
            values.setdefault("lang", _language(file.stem, self.settings)[1])
        return replace(matter, values=values)

    def metadata(self, file: Path) -> Metadata:
        """Return what another page of the site says of itself; raises PostError."""
        return read_metadata(self.complete(split_metadata(read_text(file), file), file), file)

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return a post's address by POSTS or PAGES, its folder and its slug."""
        inside = self.inside(post)
        where = inside and _destination(inside, self.settings)
        if where is None or inside is None or not self.base:
            return None
        stem, language = _language(inside.stem, self.settings)
        slug = metadata.slug or slugify(stem, self.settings)
        if slug is None:
            return None
        folder = "/".join(part for part in (_prefix(language, self.settings), where) if part)
        path = f"{folder}/{slug}" if folder else slug
        if str(metadata.values.get("pretty_url", "")).lower() in ("false", "no"):
            path += ".html"
        elif self.settings.get("PRETTY_URLS", True) is False:
            path = f"{folder}/".lstrip("/") if slug == "index" else f"{path}.html"
        else:
            path = f"{folder}/".lstrip("/") if slug == "index" else f"{path}/"
        return below(self.base, quote(path, safe=SAFE))

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where `/…` leads, which counts from the site's own address."""
        if href.startswith("/"):
            return below(self.base, href) if self.base else None
        return Site.resolve(self, href, post)

    def magic(self, kind: str, name: str, fragment: str | None = "") -> str:
        """Return the address that `link://kind/name` stands for, empty when it is not known."""
        made = self._magic(kind, name.strip("/"))
        return made + (fragment or "") if made else ""

    def _magic(self, kind: str, name: str) -> str | None:
        if kind == "filename":
            file = site_file(self.root, name) if self.root else None
            return self.page_url(file) if file else None
        if kind == "slug":
            return self._by_slug().get(name)
        path = _listing(kind, name, self.settings)
        return None if path is None or not self.base else below(self.base, quote(path, safe=SAFE))

    def _by_slug(self) -> Mapping[str, str]:
        for file in () if self.slugs else self._posts():
            try:
                metadata = self.metadata(file)
            except PostError:
                continue
            url = self.url(file, metadata)
            slug = metadata.slug or slugify(_language(file.stem, self.settings)[0], self.settings)
            if url and slug:
                self.slugs.setdefault(slug, url)
        # An empty name is no slug, and tells that all files were looked at.
        self.slugs.setdefault("", "")
        return self.slugs

    def _posts(self) -> Iterator[Path]:
        """Yield the Markdown files that POSTS and PAGES name."""
        left = MOST_POSTS
        for base, _to in _sources(self.settings):
            for file in sorted((self.root / base).rglob("*")) if self.root else ():
                left -= 1
                if left < 0:
                    return
                if file.suffix in MARKDOWN and self.inside(file):
                    yield file

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file in a folder of pictures or files that Nikola copies."""
        if self.root is None or not src.startswith("/"):
            return Site.places(self, src, post)
        path = unquote(urlsplit(src).path).strip("/")
        copied: list[tuple[str, str]] = []
        for name, usual in (("IMAGE_FOLDERS", {"images": ""}), ("FILES_FOLDERS", {"files": ""})):
            folders = self.settings.get(name, usual)
            copied += folders.items() if isinstance(folders, dict) else ()
        found = []
        for source, to in (*copied, ("galleries", "galleries")):
            to = str(to).strip("/")
            if not to or path.startswith(f"{to}/"):
                rest = path.removeprefix(to).strip("/")
                found.append(Place(self.root / source / rest, self.root))
        return tuple(found)

    def listing(self, name: str) -> str | None:
        """Return the text of a file below the listings folder."""
        return read_site_file(self.root, f"listings/{name}") if self.root else None


def _sources(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the folder and the destination of each entry of POSTS and PAGES."""
    usual = {
        "POSTS": [["posts/*.md", "posts"]],
        "PAGES": [["pages/*.md", "pages"]],
    }
    found = []
    for name, default in usual.items():
        entries = settings.get(name, default)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, list) and len(entry) > 1 and isinstance(entry[0], str):
                to = entry[1] if isinstance(entry[1], str) else ""
                found.append((entry[0].rpartition("/")[0].strip("/") or ".", to.strip("/")))
    return found


def _destination(inside: PurePosixPath, settings: Mapping[str, Any]) -> str | None:
    """Return the folder to which a file goes, None for one that is in no POSTS or PAGES."""
    for base, to in _sources(settings):
        if base == "." or inside.is_relative_to(base):
            folder = inside.parent.relative_to(base) if base != "." else inside.parent
            return "/".join(part for part in (to, str(folder)) if part not in ("", "."))
    return None


def _language(stem: str, settings: Mapping[str, Any]) -> tuple[str, str]:
    """Return a name without the language in it (`post.de.md`), and the language."""
    named = settings.get("DEFAULT_LANG")
    default = named if isinstance(named, str) else "en"
    translations = settings.get("TRANSLATIONS")
    name, dot, code = stem.rpartition(".")
    if dot and isinstance(translations, dict) and code in translations:
        return name, code
    return stem, default


def _prefix(language: str, settings: Mapping[str, Any]) -> str:
    translations = settings.get("TRANSLATIONS")
    written = translations.get(language, "") if isinstance(translations, dict) else ""
    return str(written).removeprefix("./").strip("/")


def _listing(kind: str, name: str, settings: Mapping[str, Any]) -> str | None:
    """Return the path of the page of a tag, a category, an author, or of the site itself."""
    if kind in ("root", "index") and not name:
        return ""
    paths = {"tag": "TAG_PATH", "category": "CATEGORY_PATH", "author": "AUTHOR_PATH"}
    if kind not in paths or not name:
        return None
    usual = "authors" if kind == "author" else settings.get("TAG_PATH", "categories")
    folder = settings.get(paths[kind]) or usual
    slug = slugify(name, settings)
    if not isinstance(folder, str) or slug is None:
        return None
    prefix = settings.get("CATEGORY_PREFIX", "cat_") if kind == "category" else ""
    ending = "/" if settings.get("PRETTY_URLS", True) is not False else ".html"
    return f"{folder.strip('/')}/{prefix}{slug}{ending}".lstrip("/")


def slugify(text: str, settings: Mapping[str, Any]) -> str | None:
    """Return words as Nikola writes them into an address; None for another script."""
    if settings.get("USE_SLUGIFY") is False:
        return re.sub(r"[/\\?#\"'\r\n\t*:<>|]", "-", text)
    spelled = ascii_only(text)
    if not spelled.isascii():
        return None
    return re.sub(r"[-\s]+", "-", re.sub(r"[^+\w\s-]", "", spelled).strip().lower())


def claims(folder: Path) -> bool:
    """Return whether a folder is the root of a Nikola site; others have a `conf.py`, too."""
    return SIGNS.search(read_site_file(folder, CONFIG) or "") is not None


def read_site(root: Path | None, site_url: str) -> NikolaSite:
    """Read the settings in a root; `site_url` beats its SITE_URL and BASE_URL."""
    settings: dict[str, Any] = {}
    findings: tuple[Finding, ...] = ()
    if root is None or not claims(root):
        return NikolaSite(base=web_base(site_url))
    try:
        settings = {
            key: value for key, value in read_python(root / CONFIG).items() if key.isupper()
        }
    except NoConfiguration as error:
        findings = (unread(root / CONFIG, error),)
    written = settings.get("BASE_URL") or settings.get("SITE_URL")
    return NikolaSite(root, web_base(site_url) or web_base(written), settings, findings)
