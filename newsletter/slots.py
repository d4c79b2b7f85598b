"""The places in an email that are filled later, at three times.

* a *slot*, `https://slot.invalid/<name>/`, stands in the frozen HTML and text wherever an
  address of ours goes that settings or tracking decide (`link/3`, `asset/<name>`,
  `embedded/<name>`, `archive`, `unsubscribe`, `preferences`, `subscribe`). URL-shaped, because
  lxml leaves such text alone.
* a *hole*, `hole("token")`, stands in an addressed email where a recipient's value goes. Holes
  of the MERGE_FIELDS stand in the frozen one already, each with what is said instead of nothing.
* the value itself comes with each Envelope.

`tracking.address` turns slots into addresses and holes; a provider fills the holes.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

SLOT = re.compile(r"https://slot\.invalid/([A-Za-z0-9._/-]*[A-Za-z0-9._-])/")
HOLE = re.compile("\ue000([a-z_]+)(?:\\|([^\ue000\ue001]*))?\ue001")


def slot(name: str) -> str:
    """Return the URL-shaped slot of this name."""
    return f"https://slot.invalid/{name}/"


def fill_slots(text: str, address: Callable[[str], str]) -> str:
    """Replace each slot by what `address` answers for its name."""
    return SLOT.sub(lambda match: address(match[1]), text)


def hole(name: str, fallback: str | None = None) -> str:
    """Return the hole of this name; the reader lets no author write one.

    `fallback` stands where the value is empty, written as its place wants it.
    """
    return f"\ue000{name}\ue001" if fallback is None else f"\ue000{name}|{fallback}\ue001"


class Hole(NamedTuple):
    """A hole as it was found."""

    name: str
    fallback: str = ""


def cut(text: str) -> list[str | Hole]:
    """Cut a text at its holes: words (may be empty), a hole, words …, and words at the end."""
    found = HOLE.split(text)
    pieces: list[str | Hole] = [found[0]]
    for at in range(1, len(found), 3):
        pieces += [Hole(found[at], found[at + 1] or ""), found[at + 2]]
    return pieces


def fill_holes(text: str, value: Callable[[str], str]) -> str:
    """Replace each hole by what `value` answers for its name, else by its fallback."""
    return HOLE.sub(lambda match: value(match[1]) or match[2] or "", text)
