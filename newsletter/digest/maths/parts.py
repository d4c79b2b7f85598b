"""What a formula is made of once it is read, and how parts are put beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from newsletter.digest.maths.symbols import FENCED


@dataclass(slots=True)
class Part:
    """A piece of a formula.

    `kind` is `var` (a letter), `word` (a function, a fraction), `op` (stands between blanks),
    `text` (as it is), `sup` or `sub` (whose `parts` are raised or lowered), or `break`.
    """

    kind: str
    text: str = ""
    parts: list["Part"] = field(default_factory=list)


# Rows of cells.
Rows = list[list[list[Part]]]


def is_single(parts: Sequence[Part]) -> bool:
    """Return whether parts need no brackets around them: a letter, a number, a power of one."""
    bare = [one for one in parts if one.kind not in ("sup", "sub")]
    return len(bare) == 1 and bare[0].kind in ("var", "text") and " " not in bare[0].text


def flat(parts: Iterable[Part]) -> str:
    """Return the words of parts, nothing raised or lowered."""
    return "".join(one.text + flat(one.parts) for one in parts)


def bracketed(parts: list[Part]) -> list[Part]:
    """Return parts in brackets where they need some."""
    return parts if is_single(parts) else [Part("text", "("), *parts, Part("text", ")")]


def accented(letters: str, accent: str) -> str:
    """Return letters, each with an accent on it."""
    return "".join(f"{one}{accent}" if one.isalnum() else one for one in letters)


def laid_out(name: str, rows: Rows) -> list[Part]:
    """Return the rows of an environment: in brackets, as a matrix is, or one below another."""
    full = [row for row in rows if any(row)]
    if name in FENCED:
        return _fenced(name, full)
    return _joined([_joined(row, Part("text", "")) for row in full], Part("break"))


def _fenced(name: str, rows: Rows) -> list[Part]:
    before, after = FENCED[name]
    gap = " " if name.endswith("cases") else ", "
    inside = [_joined(row, Part("text", gap)) for row in rows]
    return [Part("text", before), *_joined(inside, Part("text", "; ")), Part("text", after)]


def _joined(rows: Iterable[list[Part]], between: Part) -> list[Part]:
    parts: list[Part] = []
    for row in rows:
        parts += [between, *row] if parts else row
    return parts
