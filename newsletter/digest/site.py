"""A site as far as addresses go: where its posts are published, and where its files lie."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urljoin, urlsplit

from newsletter.digest.front_matter import FrontMatter, split
from newsletter.digest.metadata import Metadata, read_metadata
from newsletter.digest.post_file import MARKDOWN, read_text
from newsletter.errors import PostError
from newsletter.findings import Finding


@dataclass(frozen=True, slots=True)
class Place:
    """A file that an author may mean, and the folder that it must not leave."""

    file: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class Site:
    """A site of which no more is known than its base address; each generator's own extends it.

    `root` is the folder that holds its configuration (None without one), `base` is absolute and
    ends in a slash (empty when not known), `settings` is the configuration as read.
    """

    root: Path | None = None
    base: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    # Whether the generator leaves a link to a page's file as it is written: dead on the site.
    leaves_files: ClassVar[bool] = False

    def url(self, post: Path, metadata: Metadata) -> str | None:
        """Return the address at which a post is published, None when the rules do not tell it."""
        return metadata.url if web_base(metadata.url) else None

    def complete(self, matter: FrontMatter, _file: Path) -> FrontMatter:
        """Return a page's front matter with what the site's settings and folders add to it."""
        return matter

    def resolve(self, href: str, post: Path) -> str | None:
        """Return where a link goes that only the generator can read, such as `other.md#part`.

        None for a link that is read as any browser reads it; empty for one that leads nowhere.
        """
        page, mark, part = href.partition("#")
        if href.startswith("/") or not page.lower().endswith(MARKDOWN):
            return None
        found = self.page_url(post.parent / unquote(page))
        return found + mark + part if found else ""

    def places(self, src: str, post: Path) -> tuple[Place, ...]:
        """Return where the file of a picture may lie, the likeliest first."""
        written = unquote(urlsplit(src).path)
        if not written:
            return ()
        if written.startswith("/"):
            root = self.root
            return (Place(root / written.lstrip("/"), root),) if root else ()
        return (Place(post.parent / written, post.parent),)

    def page_url(self, file: Path) -> str | None:
        """Return the address of another page of the site, None when there is no such page."""
        if self.root is None:
            return None
        file = file.resolve()
        if not file.is_relative_to(self.root.resolve()) or not file.is_file():
            return None
        try:
            return self.url(file, self.metadata(file))
        except PostError:
            return None

    def metadata(self, file: Path) -> Metadata:
        """Return what another page of the site says of itself; raises PostError."""
        return read_metadata(self.complete(split(read_text(file), file), file), file)


def web_base(written: Any) -> str:
    """Return a base address with a closing slash; empty unless it is absolute and http(s)."""
    if not isinstance(written, str):
        return ""
    try:
        parts = urlsplit(written.strip())
        absolute = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return written.strip().rstrip("/") + "/" if absolute else ""


def below(base: str, path: str) -> str:
    """Return the address of a path under a base address, whether or not it begins with a slash."""
    return urljoin(base, "./" + path.lstrip("/"))
