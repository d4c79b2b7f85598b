"""Which quotation marks a language sets for those that an author types on a keyboard."""

from collections.abc import Sequence

# Outer opening and closing, inner opening and closing; also of CLDR's delimiters.
ENGLISH = ("\u201c", "\u201d", "\u2018", "\u2019")
_LOW = ("\u201e", "\u201c", "\u201a", "\u2018")
_GUILLEMETS = ("\u00ab", "\u00bb", "\u201c", "\u201d")
_SLAVIC = ("\u00ab", "\u00bb", "\u201e", "\u201c")
_SPACED = ("\u00ab\u00a0", "\u00a0\u00bb", "\u201c", "\u201d")
_RIGHT = ("\u201d", "\u201d", "\u2019", "\u2019")
MARKS = {
    "ar": _GUILLEMETS,
    "bg": _LOW,
    "cs": _LOW,
    "da": ("\u201d", "\u201d", "\u2019", "\u2019"),
    "de": _LOW,
    "de-ch": ("\u00ab", "\u00bb", "\u2039", "\u203a"),
    "el": _GUILLEMETS,
    "es": _GUILLEMETS,
    "fi": _RIGHT,
    "fr": _SPACED,
    "fr-ch": ("\u00ab", "\u00bb", "\u2039", "\u203a"),
    # A straight mark is a letter of Hebrew abbreviations, and nothing tells the two apart.
    "he": ('"', '"', "'", "'"),
    "hu": ("\u201e", "\u201d", "\u00bb", "\u00ab"),
    "is": _LOW,
    "it": _GUILLEMETS,
    "no": _GUILLEMETS,
    "nb": _GUILLEMETS,
    "nn": _GUILLEMETS,
    "pl": ("\u201e", "\u201d", "\u00ab", "\u00bb"),
    "ro": ("\u201e", "\u201d", "\u00ab", "\u00bb"),
    "ru": _SLAVIC,
    "sk": _LOW,
    "sl": _LOW,
    "sv": _RIGHT,
    "uk": _SLAVIC,
}


def quotes(language: str) -> Sequence[str]:
    """Return the four marks of a language code; English ones where nothing else is known."""
    code = language.lower().replace("_", "-")
    return MARKS.get(code) or MARKS.get(code.split("-")[0]) or ENGLISH
