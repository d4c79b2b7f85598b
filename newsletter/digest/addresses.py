"""Makes the links and pictures of a post absolute, or says that they lead nowhere."""

import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from newsletter.digest.front_matter import split
from newsletter.digest.metadata import read_metadata
from newsletter.digest.post_file import MARKDOWN, read_text
from newsletter.digest.site import Site, post_url
from newsletter.errors import PostError

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class Addresses:
    """Knows where a post lives: its file, its site, and its own address (None: not known)."""

    def __init__(self, path: Path, site: Site, url: str | None) -> None:
        self.path = path
        self.site = site
        self.url = url

    def absolute(self, href: str) -> str | None:
        """Return an address that works from an inbox, or None when it cannot be told.

        An address with a scheme and a bare `#fragment` come back as they are.
        """
        try:
            urlsplit(href).port  # noqa: B018 (both raise ValueError for what is no address)
            if href.startswith("//"):
                return f"https:{href}"
            if SCHEME.match(href) or href.startswith("#"):
                return href
            return self._resolved(href)
        except ValueError:
            return None

    def _resolved(self, href: str) -> str | None:
        if not href:
            return None
        if href.startswith("/"):
            return urljoin(self.site.base, href) if self.site.base else None
        page, _, rest = href.partition("#")
        if page.lower().endswith(MARKDOWN):
            found = self._page(unquote(page))
            return found and found + (f"#{rest}" if rest else "")
        return urljoin(self.url, href) if self.url else None

    def _page(self, relative: str) -> str | None:
        content = self.site.content
        file = (self.path.parent / relative).resolve()
        if content is None or not file.is_relative_to(content.resolve()) or not file.is_file():
            return None
        try:
            matter = split(read_text(file), file)
        except PostError:
            return None
        return post_url(self.site, file, read_metadata(matter, file))
