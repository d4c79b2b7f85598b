"""Makes the links and pictures of a post absolute, or says that they lead nowhere."""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from newsletter.digest.site import Site
from newsletter.findings import Finding

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
        read = self.site.resolve(href, self.path)
        if read is not None:
            return read or None
        if href.startswith("/"):
            return urljoin(self.site.base, href) if self.site.base else None
        return urljoin(self.url, href) if self.url else None

    def findings(self) -> tuple[Finding, ...]:
        """Return what there is to say of a post of a known site that has no address there."""
        if self.url or not self.site.base or self.site.root is None:
            return ()
        return (
            Finding(
                "address-unknown",
                "Where the site publishes the post is not known, so what is relative in it, and "
                "what is only to be seen online, has no address.",
                "Write its slug into the front matter, in Latin letters, or put the file where "
                "the site's pages are.",
                path=self.path,
                line=1,
            ),
        )
