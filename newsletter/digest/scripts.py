"""Raised and lowered words in plain text: `10⁶`, `H₂O`, and `x^(n + m)` where no letter is made for it."""

import re

RAISED = str.maketrans(
    "0123456789+-\u2212=()abcdefghijklmnoprstuvwxyz\u2032\u2217",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ\u2032*",
)
LOWERED = str.maketrans(
    "0123456789+-\u2212=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)
# Whole words that are read as such, or have a sign of their own.
ORDINAL = re.compile(r"st|nd|rd|th|[eo]|er|re|ère|ème|nde?|ª|º", re.IGNORECASE)
SIGNS = {"TM": "™", "SM": "℠", "(R)": "®", "(C)": "©", "\u00ae": "®", "\u2122": "™"}
# Needs no brackets to be one thing.
BARE = re.compile(r"[\w.]+|\W")
LONGEST = 6


def close(tag: str, parts: list[str], start: int) -> None:
    """Make one of the parts from `start` on: what was written between `sup` or `sub` and here."""
    words = "".join(parts[start:])
    before = "".join(parts[:start])[-1:]
    parts[start:] = [raised(words, before) if tag == "sup" else lowered(words)]


def raised(words: str, before: str = "") -> str:
    """Return words that stand above the line, after the text `before`."""
    if words in SIGNS:
        return SIGNS[words]
    if ORDINAL.fullmatch(words) and before[-1:].isdigit():
        return words
    return _set(words, RAISED, "^")


def lowered(words: str) -> str:
    """Return words that stand below the line."""
    return _set(words, LOWERED, "_")


def _set(words: str, letters: dict[int, int], mark: str) -> str:
    close = words.replace(" ", "").replace("\u00a0", "")
    if close and len(close) <= LONGEST and all(ord(letter) in letters for letter in close):
        return close.translate(letters)
    if not words:
        return ""
    return f"{mark}{words}" if BARE.fullmatch(words) else f"{mark}({words})"
