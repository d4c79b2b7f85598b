"""The email that is mailed: each slot an address, and holes for what only a recipient has."""

import re
from dataclasses import replace
from html import escape

from newsletter.links import Links
from newsletter.message import RenderedEmail
from newsletter.slots import hole, slot
from newsletter.tracking.counting import UNCOUNTED, Counting, is_counted, tagged
from newsletter.tracking.places import LINK, fill, inside, shared

_ANCHOR = re.compile(
    r"""(<a\b(?:[^>"']|"[^"]*"|'[^']*')*?)(\shref=["']?)([^"'\s>]*)""", re.IGNORECASE
)
_PIXEL = (
    '<img src="{}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">'
)


def address(
    email: RenderedEmail,
    links: Links,
    *,
    list_slug: str,
    key: str,
    counted: Counting = UNCOUNTED,
) -> RenderedEmail:
    """Return the email with an address in each slot; a recipient's own keep `hole("token")`.

    An embedded picture is named by its Content-ID. A letter's one link becomes `hole("link")`, a
    whole URL. Addresses are HTML-escaped in the HTML and raw in the text. Where the provider
    counts clicks, every other link says that it is to be left alone (RULES SG-5). Raises
    RenderError for a slot nobody knows.
    """
    if counted.provider:
        email = replace(email, to_count=counted.provider)
    if counted.provider.clicks:
        email = replace(email, html=_left_alone(email))
    token = hole("token")
    places = shared(links, list_slug, key) | {
        "unsubscribe": links.unsubscribe(token),
        "preferences": links.preferences(token),
        "letter": hole("link"),
        "by-mail": links.by_mail(token),
    }
    plain = {link.number: tagged(link.url, counted) for link in email.links}
    leads = plain | {
        link.number: links.click(link.number, counted.clicks)
        for link in email.links
        if counted.clicks and is_counted(link)
    }
    filled = fill(email, places, links.asset, inside, leads, leads if counted.in_text else plain)
    if not counted.opens:
        return filled
    pixel = _PIXEL.format(escape(links.pixel(counted.opens)))
    head, end, rest = filled.html.rpartition("</body>")
    return replace(filled, html=f"{head}{pixel}{end}{rest}" if end else f"{rest}{pixel}")


def _left_alone(email: RenderedEmail) -> str:
    """Return the HTML in which each link that is not counted forbids the provider to change it.

    The word has to stand before the address (SendGrid, Click Tracking HTML Best Practices).
    """
    counted = {slot(f"{LINK}{link.number}") for link in email.links if is_counted(link)}

    def told(found: re.Match[str]) -> str:
        tag, name, leads = found.groups()
        return found[0] if leads in counted else f"{tag} clicktracking=off{name}{leads}"

    return _ANCHOR.sub(told, email.html)


def hrefs(html: str) -> list[str]:
    """Return where each link of an HTML part leads, as it is written there, in their order."""
    return [leads for _, _, leads in _ANCHOR.findall(html)]
