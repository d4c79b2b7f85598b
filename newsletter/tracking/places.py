"""Where the slots of an email lead, whoever sees it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape

from newsletter.errors import RenderError
from newsletter.links import Links
from newsletter.message import RenderedEmail, content_id
from newsletter.slots import fill_slots

LINK = "link/"
_ASSET, _EMBEDDED = "asset/", "embedded/"


def shared(links: Links, list_slug: str, key: str) -> dict[str, str]:
    """Return the addresses that are the same for everybody, by their slots."""
    return {
        "archive": links.archive(list_slug, key),
        "subscribe": links.subscribe(list_slug),
    }


def fill(
    email: RenderedEmail,
    places: Mapping[str, str],
    asset: Callable[[str], str],
    embedded: Callable[[str], str],
    in_html: Mapping[int, str],
    in_text: Mapping[int, str],
) -> RenderedEmail:
    """Return the email with an address in each slot, HTML-escaped in the HTML and raw in the text.

    `asset` and `embedded` give a picture's address by its name, `in_html` and `in_text` where a
    link leads by its number. Raises RenderError for a slot nobody knows.
    """

    def find(name: str, leads: Mapping[int, str] = in_text) -> str:
        if name.startswith(_ASSET):
            return asset(name.removeprefix(_ASSET))
        if name.startswith(_EMBEDDED):
            return embedded(name.removeprefix(_EMBEDDED))
        try:
            return leads[int(name.removeprefix(LINK))] if LINK in name else places[name]
        except (KeyError, ValueError):
            raise RenderError(
                f"the email has a slot {name!r} that leads nowhere", "mend the template"
            ) from None

    return replace(
        email,
        html=fill_slots(email.html, lambda name: escape(find(name, in_html))),
        text=fill_slots(email.text, find),
        headers=tuple((header, fill_slots(value, find)) for header, value in email.headers),
    )


def inside(name: str) -> str:
    """Return the address of a picture that the mail brings along."""
    return f"cid:{content_id(name)}"
