"""Zola's site: its configuration, and the rules by which it publishes a page.

After https://www.getzola.org/documentation/content/page/ and /getting-started/configuration/.
"""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlsplit

from newsletter.digest.configuration import NoConfiguration, read_settings, unread
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.metadata import Metadata
from newsletter.digest.site import Place, Site, below, web_base
from newsletter.findings import Finding

CONFIGS = ("zola.toml", "config.toml")
DATED = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?\s?[_-](.+)"
)
UNSAFE = re.compile(r'[<>:"/\\|?*]')
# Letters that fall apart into no Latin one and a mark; Zola spells them so.
SAFE = "/%+~.-_@:=&$!'()*,;"
SPELLED = str.maketrans(
    {
        **{"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th"},
        **{"\u0131": "i", "ħ": "h", "ŋ": "ng", "ŧ": "t"},
    }
)


class ZolaSite(Site):
    """A site by Zola's rules."""

    __slots__ = ()

    leaves_files: ClassVar[bool] = True

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return the post's own address by `path`, `slug`, its file's name and its section."""
        if not self.base:
            return None
        if metadata.permalink:
            return below(self.base, _closed(quote(metadata.permalink.strip("/"), safe=SAFE)))
        inside = self._inside(post)
        if inside is None:
            return None
        name, code = self._named(inside.stem)
        folders = list(inside.parts[:-1])
        if name != "_index":
            own = folders.pop() if name == "index" and folders else name
            slug = self._slug(own, metadata)
            if slug is None:
                return None
            folders += [slug] if slug != "index" else []
        prefix = [code] if code else []
        return below(self.base, _closed(quote("/".join([*prefix, *folders]), safe=SAFE)))

    def complete(self, matter: FrontMatter, file: Path) -> FrontMatter:
        """Add the language that the file's name, or the site, says."""
        inside = self._inside(file)
        if inside is None or not isinstance(self.settings.get("languages"), dict):
            return matter
        code = self._named(inside.stem)[1] or str(self.settings.get("default_language") or "en")
        return replace(matter, values={"lang": code, **matter.values})

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where a link to a file leads: `@/blog/one.md` from the root of the content."""
        if not href.startswith("@/"):
            return Site.resolve(self, href, post)
        page, mark, part = href[2:].partition("#")
        found = self.page_url(self.root / "content" / unquote(page)) if self.root else None
        return found + mark + part if found else ""

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file beside the post, or the one below `static` or the content."""
        written = unquote(urlsplit(src).path)
        if not written or self.root is None:
            return Site.places(self, src, post)
        theme = self.settings.get("theme")
        named = ["static", f"themes/{theme}/static"] if isinstance(theme, str) else ["static"]
        folders = [self.root / one for one in (*named, "content")]
        is_rooted = written.startswith(("/", "@/"))
        beside = () if is_rooted else (Place(post.parent / written, self.root),)
        base = urlsplit(self.base).path.rstrip("/")
        inside = written.removeprefix(base) if written.startswith(f"{base}/") else written
        inside = inside.removeprefix("@/").lstrip("/")
        return (*beside, *(Place(one / inside, one) for one in folders))

    def _inside(self, post: Path) -> Path | None:
        """Return a page's path within the content, None for a file that is not of it."""
        if self.root is None:
            return None
        try:
            return post.resolve().relative_to((self.root / "content").resolve())
        except ValueError:
            return None

    def _named(self, stem: str) -> tuple[str, str]:
        """Return a name without its language, and that language where it is not the default one."""
        languages = self.settings.get("languages")
        name, dot, code = stem.partition(".")
        if not dot or not isinstance(languages, dict):
            return stem, ""
        if code == (self.settings.get("default_language") or "en"):
            return name, ""
        return (name, code) if code in languages else (stem, "")

    def _slug(self, name: str, metadata: Metadata) -> str | None:
        settings = self.settings.get("slugify")
        settings = settings if isinstance(settings, dict) else {}
        dated = None if settings.get("paths_keep_dates") is True else DATED.fullmatch(name)
        return slugify(metadata.slug or (dated[1] if dated else name), settings.get("paths", "on"))


def claims(folder: Path) -> bool:
    """Return whether a folder is the root of a Zola site: a configuration with `base_url`."""
    file, settings, _ = _configuration(folder)
    return file is not None and (file.stem == "zola" or "base_url" in settings)


def read_site(root: Path | None, site_url: str) -> ZolaSite:
    """Read the configuration in a root; `site_url` beats its base_url."""
    file, settings, findings = _configuration(root) if root else (None, {}, ())
    base = web_base(site_url) or web_base(settings.get("base_url"))
    return ZolaSite(root if file else None, base, settings, findings)


def slugify(text: str, how: Any) -> str | None:
    """Return text as a part of a path; None where Zola would spell out letters of another script.

    `how` is `on`, `safe` (what no file's name may have goes) or `off`.
    """
    if how == "off":
        return text
    if how == "safe":
        return UNSAFE.sub("", text.rstrip(" ."))
    plain = unicodedata.normalize("NFKD", text.lower().translate(SPELLED))
    if any(ord(one) > 127 and unicodedata.category(one)[0] in "LNS" for one in plain):
        return None
    plain = "".join(one for one in plain if not unicodedata.category(one).startswith("M"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _configuration(root: Path) -> tuple[Path | None, dict[str, Any], tuple[Finding, ...]]:
    for file in (root / name for name in CONFIGS):
        try:
            settings = read_settings(file)
        except NoConfiguration as error:
            if file.stem == "zola":
                return file, {}, (unread(file, error),)
            continue
        if settings:
            return file, settings, ()
    return None, {}, ()


def _closed(path: str) -> str:
    return path if not path or path.endswith("/") else f"{path}/"
