"""Eleventy's own filters; those that a site's script adds are nobody's to know."""

import re
import unicodedata
from typing import Any

from newsletter.digest.dialects.liquid.filters import FILTERS, text
from newsletter.digest.dialects.liquid.operations import Filter
from newsletter.digest.site import web_base

# As @sindresorhus/slugify spells them; what is in no script of these is not known.
LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "þ": "th"}
LETTERS |= {
    letter.upper(): spelled.capitalize() for letter, spelled in LETTERS.items() if letter != "ß"
}
LETTERS |= {"&": " and ", "🦄": " unicorn ", "♥": " love ", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}


def slugify(value: Any) -> str:
    """Return words as Eleventy writes them into an address; raises ValueError for other scripts."""
    spelled = "".join(
        LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", text(value))
    )
    bare = "".join(
        one for one in unicodedata.normalize("NFD", spelled) if not unicodedata.combining(one)
    )
    if any(one.isalpha() and not one.isascii() for one in bare):
        raise ValueError("another script")
    joined = re.sub(r"([a-z\d]+)'([ts])(?=\s|$)", r"\1\2", bare.lower())
    return re.sub(r"[^a-z\d]+", "-", joined).strip("-")


def prefixed(path: Any, prefix: str) -> str:
    """Return an address of the site with the site's path prefix."""
    written = text(path)
    if web_base(written) or written.startswith("//"):
        return written
    return prefix.rstrip("/") + written if written.startswith("/") else written or prefix


def filters(prefix: str) -> dict[str, Filter]:
    """Return all filters that are known in an Eleventy template."""
    return FILTERS | {
        "slugify": slugify,
        "slug": slugify,
        "url": lambda value: prefixed(value, prefix),
        "htmlBaseUrl": lambda value: prefixed(value, prefix),
        "log": lambda value: value,
    }
