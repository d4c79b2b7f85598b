"""The email as anybody may see it: in the archive, in a preview, on a disk."""

import re
from collections.abc import Callable
from dataclasses import replace

from newsletter.flowed import fixed
from newsletter.links import Links
from newsletter.message import RenderedEmail
from newsletter.slots import HOLE
from newsletter.tracking.places import fill, inside, shared

NEUTRAL = {"name": "Reader", "email": "reader@newsletter.example"}
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


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
    places = shared(links, list_slug, key)
    places |= dict.fromkeys(("unsubscribe", "preferences", "letter"), places["subscribe"])
    places["by-mail"] = ""
    served = asset or links.asset
    leads = {link.number: link.url for link in email.links}
    seen = fill(email, places, served, inside if as_mail else served, leads, leads)
    text = _neutral(seen.text)
    return replace(
        seen,
        personal_subject="",
        html=_neutral(seen.html),
        text=text if as_mail else fixed(text),
    )


def headed(html: str, block: str) -> str:
    """Return a page with a block of HTML at the top of its body."""
    headed, found = _BODY.subn(lambda body: body[0] + block, html, count=1)
    return headed if found else block + html


def _neutral(text: str) -> str:
    return HOLE.sub(lambda match: match[2] or NEUTRAL.get(match[1], "sample"), text)
