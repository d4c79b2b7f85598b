"""Astro's site: its configuration, read as text, and the pages and collections it publishes.

https://docs.astro.build/en/reference/configuration-reference/, …/guides/content-collections/
"""

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from newsletter.digest.javascript import config_values
from newsletter.digest.metadata import Metadata
from newsletter.digest.post_file import MARKDOWN
from newsletter.digest.site import Place, Site, below, web_base

CONFIGS = tuple(f"astro.config.{end}" for end in ("mjs", "js", "ts", "mts", "cjs", "cts"))
CONTENT = ("src/content", "src/data", "content")
# A page that shows one entry of a collection: `src/pages/blog/[...slug].astro`.
ENTRY = re.compile(r"\[(?:\.\.\.)?(?:slug|id|post|path|name|entry)\]\.astro")
# Short names of folders that many Astro sites set up.
ALIASES = ("~/", "@/", "#/")


class AstroSite(Site):
    """A site by Astro's rules; where a collection is shown is told by the pages in `src/pages`."""

    __slots__ = ()

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return the address of a page or of a collection's entry, None when no page shows it."""
        if not self.base or self.root is None:
            return None
        try:
            inside = post.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return None
        inside = re.sub(r"(?:/index)?\.(?:mdx?|markdown)$", "", inside)
        if inside.startswith("src/pages/"):
            return self._published(inside.removeprefix("src/pages/"))
        folder = next((one for one in CONTENT if inside.startswith(f"{one}/")), None)
        if folder is None:
            return None
        collection, _, name = inside.removeprefix(f"{folder}/").partition("/")
        where = self._route(collection)
        if where is None:
            return None
        slug = metadata.slug or _slug(name)
        return self._published("/".join(filter(None, (where, slug.strip("/")))))

    def _route(self, collection: str) -> str | None:
        """Return the path below which a collection's entries are shown, None when no page does."""
        pages = (self.root or Path()) / "src" / "pages"
        if (pages / "docs").is_dir() is False and collection == "docs" and _is_starlight(self):
            return ""
        names = (collection, collection.rstrip("s"), f"{collection}s", "blog", "posts", "")
        for name in dict.fromkeys(names):
            try:
                found = any(ENTRY.fullmatch(one.name) for one in (pages / name).iterdir())
            except OSError:
                continue
            if found:
                return name
        return None

    def _published(self, path: str) -> str:
        quoted = quote(path.removesuffix("index").strip("/"), safe="/%+~.-_@")
        if self.settings.get("build.format") == "file" and quoted:
            return below(self.base, f"{quoted}.html")
        is_bare = self.settings.get("trailingSlash") == "never"
        return below(self.base, quoted if is_bare or not quoted else f"{quoted}/")

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where a link leads; pictures below `src` get a name that only a build knows."""
        path = urlsplit(href).path
        if path.startswith(ALIASES):
            return ""
        if path.lower().endswith(MARKDOWN) or path.startswith("/"):
            return Site.resolve(self, href, post)
        try:
            return "" if (post.parent / unquote(path)).is_file() else None
        except (OSError, ValueError):
            return None

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file beside the post, in `public`, or below `src` behind its short name."""
        written = unquote(urlsplit(src).path)
        if self.root is None or not written:
            return Site.places(self, src, post)
        if written.startswith(ALIASES):
            return (Place(self.root / "src" / written[2:], self.root),)
        if written.startswith("/src/"):
            return (Place(self.root / written.lstrip("/"), self.root),)
        if written.startswith("/"):
            return (Place(self.root / "public" / written.lstrip("/"), self.root),)
        return (Place(post.parent / written, self.root),)


def read_site(root: Path | None, site_url: str) -> AstroSite:
    """Read `site` and `base`; `site_url` beats both."""
    if root is None:
        return AstroSite(None, web_base(site_url))
    file = next((root / name for name in CONFIGS if (root / name).is_file()), root / CONFIGS[0])
    settings = config_values(file)
    base = web_base(settings.get("site"))
    path = settings.get("base")
    if base and isinstance(path, str) and path.strip("/"):
        base = below(base, path.strip("/") + "/")
    return AstroSite(root, web_base(site_url) or base, settings)


def _is_starlight(site: Site) -> bool:
    return any(key.startswith("integrations") for key in site.settings)


def _slug(name: str) -> str:
    """Return an entry's id as Astro makes it of a path: in small letters, blanks as hyphens."""
    parts = ("".join(_kept(letter) for letter in part.lower().strip()) for part in name.split("/"))
    return "/".join(parts)


def _kept(letter: str) -> str:
    return "-" if letter == " " else letter if letter.isalnum() or letter in "-_" else ""
