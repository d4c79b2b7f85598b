"""Nikola's shortcodes: `{{% name … %}}`, its own and those that many sites share."""

from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.hugo.tags import tags
from newsletter.digest.dialects.nikola.site import NikolaSite
from newsletter.digest.dialects.shortcodes.call import Call, Shown, instead
from newsletter.digest.dialects.shortcodes.known import known
from newsletter.digest.dialects.shortcodes.lifting import lift
from newsletter.digest.dialects.shortcodes.pictures import figure
from newsletter.digest.dialects.written import code, link, words


def lift_shortcodes(body: str, page: Page) -> Lifted:
    """Return the body without shortcodes, and a finding for each kind that nobody knows."""
    return lift(body, tags(body), page, _show) if "{{%" in body else Lifted(body)


def _show(call: Call) -> Shown | None:
    own = OWN.get(call.name)
    shown = own(call) if own else None
    if shown is None:
        show = known(call.name)
        shown = show(call) if show else None
    return shown


def _raw(call: Call) -> Shown | None:
    """Show the tags between, which the author writes about."""
    inner = (call.inner or "").strip("\n")
    return instead(inner.replace("{{", "&#123;{").replace("{%", "&#123;%"))


def _doc(call: Call) -> Shown | None:
    """Show a link to another post by its slug: `words <slug>`, or the slug alone."""
    said, _, slug = call.text.partition("<")
    slug = slug.rstrip(">").strip() or said.strip() or call.get(at=0)
    site = call.page.site
    if not slug:
        return None
    url = site.magic("slug", slug) if isinstance(site, NikolaSite) else ""
    return instead(link(words(said.strip() or slug), url))


def _listing(call: Call) -> Shown | None:
    """Show a file below the listings folder as code."""
    site, name = call.page.site, call.get("fname", "file", at=0)
    text = site.listing(name) if isinstance(site, NikolaSite) and name else None
    if text is None:
        return None
    return instead(code(text, call.get("lang", "language", at=1)), is_block=True)


def _media(call: Call) -> Shown | None:
    """Show a link to what another site would embed."""
    url = call.get("url", at=0)
    return instead(link(words(url), url)) if url else None


OWN = {"raw": _raw, "doc": _doc, "listing": _listing, "media": _media, "thumbnail": figure}
