"""Finds the page that `ref` and `relref` name."""

from newsletter.digest.dialects.hugo.site import HugoSite
from newsletter.digest.dialects.shortcodes.call import Call
from newsletter.digest.dialects.written import address
from newsletter.digest.post_file import MARKDOWN


def referred(call: Call) -> str:
    """Return the address of the page that is referred to, as it may stand in a link.

    Of a page that is not there the name of its file comes back: the reader of links says of it
    that it leads nowhere.
    """
    path, mark, part = call.get("path", at=0).partition("#")
    page = call.page
    if not path:
        return address(f"{page.url or ''}{mark}{part}")
    site = page.site
    found = None
    if isinstance(site, HugoSite):
        found = site.page(path, page.path, call.get("lang").lower())
    url = site.page_url(found) if found else None
    if url is None:
        url = path if path.lower().endswith(MARKDOWN) else f"{path.rstrip('/')}.md"
    return address(f"{url}{mark}{part}")
