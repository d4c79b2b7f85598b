"""Pelican's slugs, and the patterns of its settings, of which only harmless ones are used."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

USUAL = (
    (r"[^\w\s-]", ""),
    (r"(?u)\A\s*", ""),
    (r"(?u)\s*\Z", ""),
    (r"[-\s]+", "-"),
)
TAGS = re.compile(r"<!--.{0,1000}?-->|<[^<>]*>", re.DOTALL)
# Letters that no accent makes, as Unidecode writes them, which Pelican uses.
LETTERS = {
    **{"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D"},
    **{"þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "œ": "oe", "Œ": "OE", "\u0131": "i", "ħ": "h"},
    **{"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "--"},
    **{"…": "...", "€": "EUR", "£": "PS", "©": "(c)", "®": "(r)", "™": "(tm)", "·": "*", "•": "*"},
    **{"«": "<<", "»": ">>", "¿": "?", "¡": "!", "°": "deg", "\xd7": "x", "№": "No", "\xa0": " "},
}
# A pattern of a stranger may take for ever where what repeats is repeated, or repeats too often.
REPEATED_GROUP = re.compile(r"\)[*+{]")
REPEATS = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\d*\})")
MOST_REPEATS = 3
LONGEST_PATTERN = 300
LONGEST = 200


def pattern(written: Any) -> re.Pattern[str] | None:
    """Return a pattern of the settings, None for one that is none or could take long."""
    if not isinstance(written, str) or len(written) > LONGEST_PATTERN:
        return None
    if REPEATED_GROUP.search(written) or len(REPEATS.findall(written)) > MOST_REPEATS:
        return None
    try:
        return re.compile(written, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return None


def slugify(text: str, settings: Mapping[str, Any], kind: str = "") -> str | None:
    """Return a slug by a site's settings; `kind` is CATEGORY, TAG or AUTHOR for those of its own.

    None where it takes more than these rules: another script, which Pelican spells in Latin.
    """
    own = settings.get(f"{kind}_REGEX_SUBSTITUTIONS") if kind else None
    substitutions = own or settings.get("SLUG_REGEX_SUBSTITUTIONS") or USUAL
    slug = unicodedata.normalize("NFKC", TAGS.sub("", text)[:LONGEST])
    if settings.get("SLUGIFY_USE_UNICODE") is not True:
        slug = ascii_only(slug)
        if not slug.isascii():
            return None
    for one in substitutions if isinstance(substitutions, Sequence) else ():
        if not isinstance(one, Sequence) or len(one) != 2:
            return None
        found = pattern(one[0])
        if found is None or "\\" in str(one[1]):
            return None
        slug = found.sub(str(one[1]), slug)
    return (slug if settings.get("SLUGIFY_PRESERVE_CASE") is True else slug.lower()).strip()


def ascii_only(text: str) -> str:
    """Return text spelled in ASCII as far as its letters are Latin; the others stay."""
    spelled = "".join(LETTERS.get(letter, letter) for letter in text)
    apart = unicodedata.normalize("NFD", spelled)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    # What is no letter, such as a picture, Unidecode leaves out.
    return "".join(
        letter for letter in bare if letter.isascii() or unicodedata.category(letter)[0] != "S"
    )
