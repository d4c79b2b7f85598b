"""Finds the pages that `ref` and `relref` name."""

from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.hugo.site import HugoSite
from newsletter.digest.dialects.shortcodes.call import Call
from newsletter.digest.dialects.written import address
from newsletter.digest.post_file import MARKDOWN

MOST = 500


class References:
    """The references of one post; each page is looked for once."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._found: dict[tuple[str, str], str | None] = {}

    def address(self, call: Call) -> str:
        """Return the address of the page that is referred to, as it may stand in a link.

        Of a page that is not there the name of its file comes back: the reader of links says of
        it that it leads nowhere.
        """
        path, mark, part = call.get("path", at=0).partition("#")
        if not path:
            return address(f"{self.page.url or ''}{mark}{part}")
        url = self._url(path, call.get("lang").lower())
        if url is None:
            url = path if path.lower().endswith(MARKDOWN) else f"{path.rstrip('/')}.md"
        return address(f"{url}{mark}{part}")

    def _url(self, path: str, language: str) -> str | None:
        key = (path, language)
        site = self.page.site
        if key not in self._found and isinstance(site, HugoSite) and len(self._found) < MOST:
            file = site.page(path, self.page.path, language)
            self._found[key] = site.page_url(file) if file else None
        return self._found.get(key)
