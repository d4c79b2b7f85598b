"""Slots become addresses: when an issue is compiled, and for the views everybody may see.

Tracking is put in here and nowhere else, so the frozen HTML never holds a rewritten link. Every
mode is `off` so far: a link leads where its author wrote, there is no pixel (RULES M-3).
"""

from collections.abc import Callable
from dataclasses import replace
from html import escape

from newsletter.errors import RenderError
from newsletter.flowed import fixed
from newsletter.links import Links
from newsletter.message import HOLE, RenderedEmail, content_id, fill_slots, hole

NEUTRAL = {"name": "Reader"}
_LINK, _ASSET, _EMBEDDED = "link/", "asset/", "embedded/"


def address(email: RenderedEmail, links: Links, *, list_slug: str, key: str) -> RenderedEmail:
    """Return the email with an address in each slot; a recipient's own keep `hole("token")`.

    An embedded picture is named by its Content-ID. A letter's one link becomes `hole("link")`, a whole URL. Addresses are HTML-escaped in the
    HTML and raw in the text. Raises RenderError for a slot nobody knows.
    """
    token = hole("token")
    places = _places(links, list_slug, key) | {
        "unsubscribe": links.unsubscribe(token),
        "preferences": links.preferences(token),
        "letter": hole("link"),
    }
    return _filled(email, places, links.asset, _inside)


def sample(
    email: RenderedEmail,
    links: Links,
    *,
    list_slug: str,
    key: str,
    asset: Callable[[str], str] | None = None,
    as_mail: bool = False,
) -> RenderedEmail:
    """Return the email as anybody may see it: original links, neutral values, no hole left.

    Links that only a recipient has lead to the list's sign-up page. `asset` gives a picture's
    address by its name, for views that lie on a disk; `as_mail` leaves embedded pictures inside
    and the text flowed.
    Raises RenderError for an unknown slot.
    """
    places = _places(links, list_slug, key)
    places |= dict.fromkeys(("unsubscribe", "preferences", "letter"), places["subscribe"])
    served = asset or links.asset
    seen = _filled(email, places, served, _inside if as_mail else served)
    text = _neutral(seen.text)
    return replace(
        seen,
        subject=_neutral(seen.subject),
        preheader=_neutral(seen.preheader),
        html=_neutral(seen.html),
        text=text if as_mail else fixed(text),
    )


def _places(links: Links, list_slug: str, key: str) -> dict[str, str]:
    return {
        "archive": links.archive(list_slug, key),
        "subscribe": links.subscribe(list_slug),
    }


def _filled(
    email: RenderedEmail,
    places: dict[str, str],
    asset: Callable[[str], str],
    embedded: Callable[[str], str],
) -> RenderedEmail:
    leads = {f"{_LINK}{link.number}": link.url for link in email.links}

    def find(name: str) -> str:
        if name.startswith(_ASSET):
            return asset(name.removeprefix(_ASSET))
        if name.startswith(_EMBEDDED):
            return embedded(name.removeprefix(_EMBEDDED))
        try:
            return leads[name] if name.startswith(_LINK) else places[name]
        except KeyError:
            raise RenderError(
                f"the email has a slot {name!r} that leads nowhere", "mend the template"
            ) from None

    return replace(
        email,
        html=fill_slots(email.html, lambda name: escape(find(name))),
        text=fill_slots(email.text, find),
        headers=tuple((header, fill_slots(value, find)) for header, value in email.headers),
    )


def _inside(name: str) -> str:
    return f"cid:{content_id(name)}"


def _neutral(text: str) -> str:
    return HOLE.sub(lambda match: NEUTRAL.get(match[1], "sample"), text)
