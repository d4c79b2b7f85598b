"""The site of VuePress or VitePress: its configuration, read as text, and where pages go.

https://vitepress.dev/reference/site-config, https://vuepress.vuejs.org/reference/config.html
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from newsletter.digest.javascript import config_values
from newsletter.digest.metadata import Metadata
from newsletter.digest.post_file import MARKDOWN
from newsletter.digest.site import Place, Site, below, web_base

ENDS = ("js", "ts", "mjs", "mts", "cjs", "cts")


class Sort(Enum):
    """Which of the two it is; the folder of its configuration is named after it."""

    VUEPRESS = "vuepress"
    VITEPRESS = "vitepress"


@dataclass(frozen=True, slots=True)
class VueSite(Site):
    """A site whose pages go where their sources lie; settings are dotted keys."""

    sort: Sort = Sort.VITEPRESS

    @property
    def source(self) -> Path:
        """The folder of the pages."""
        named = self.settings.get("srcDir")
        root = self.root or Path()
        return root / named if isinstance(named, str) else root

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return a page's address by its permalink or its path: `a.html`, `a`, or a folder's."""
        if not self.base or self.root is None:
            return None
        if self.sort is Sort.VUEPRESS and metadata.permalink.startswith("/"):
            return (
                None if ":" in metadata.permalink else below(self.base, quote(metadata.permalink))
            )
        try:
            inside = post.resolve().relative_to(self.source.resolve())
        except ValueError:
            return None
        folder = "" if inside.parent == Path() else f"{inside.parent.as_posix()}/"
        is_index = inside.stem == "index" or (
            self.sort is Sort.VUEPRESS and inside.stem.lower() == "readme"
        )
        name = "" if is_index else inside.stem + ("" if self._is_clean else ".html")
        return below(self.base, quote(folder + name))

    @property
    def _is_clean(self) -> bool:
        return self.sort is Sort.VITEPRESS and self.settings.get("cleanUrls") is True

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where a link leads: to another page by its source, with or without `.md`.

        Pictures beside a post get a name that only a build knows.
        """
        page, mark, part = href.partition("#")
        path = unquote(urlsplit(page).path)
        file = self.source / path.lstrip("/") if path.startswith("/") else post.parent / path
        if path.lower().endswith(MARKDOWN):
            found = self.page_url(file)
            return found + mark + part if found else ""
        for name in (file.with_name(f"{file.name}.md"), file.with_suffix(".md")):
            found = self.page_url(name) if path and file.suffix in ("", ".html") else None
            if found:
                return found + mark + part
        if path.startswith("/"):
            return below(self.base, href) if self.base else None
        return "" if self.root is not None and _is_file(file) else None

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return the file beside the post, or in the site's `public` folder."""
        written = unquote(urlsplit(src).path)
        if self.root is None or not written:
            return Site.places(self, src, post)
        if written.startswith("@/"):
            return (Place(self.source / written[2:], self.root),)
        if not written.startswith("/"):
            return (Place(post.parent / written, self.root),)
        public = self.source / "public"
        if self.sort is Sort.VUEPRESS:
            public = self.root / ".vuepress" / "public"
        return (Place(public / written.lstrip("/"), self.root),)


def claims(folder: Path, sort: Sort) -> bool:
    """Return whether a folder holds the folder of such a site's configuration."""
    return _configuration(folder, sort) is not None


def read_site(root: Path | None, site_url: str, sort: Sort) -> VueSite:
    """Read `base`, and the address where the sitemap has it; `site_url` beats both."""
    file = _configuration(root, sort) if root else None
    if root is None or file is None:
        return VueSite(root, web_base(site_url), sort=sort)
    settings = config_values(file)
    hosts = (value for key, value in settings.items() if key.rpartition(".")[2] == "hostname")
    base = next((base for host in hosts if (base := web_base(host))), "")
    path = settings.get("base")
    if base and isinstance(path, str) and not urlsplit(base).path.strip("/"):
        base = below(base, path.strip("/") + "/") if path.strip("/") else base
    return VueSite(root, web_base(site_url) or base, settings, sort=sort)


def _configuration(root: Path, sort: Sort) -> Path | None:
    folder = root / f".{sort.value}"
    names = (f"{name}.{end}" for name in ("config", "config/index") for end in ENDS)
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
