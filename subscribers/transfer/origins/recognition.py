"""Which system a file comes from, told by its head."""

from collections.abc import Sequence
from dataclasses import dataclass

from subscribers.errors import FileRefused
from subscribers.transfer.origins.buttondown import BUTTONDOWN
from subscribers.transfer.origins.generic import GENERIC
from subscribers.transfer.origins.ghost import GHOST
from subscribers.transfer.origins.kit import KIT
from subscribers.transfer.origins.listmonk import LISTMONK
from subscribers.transfer.origins.mailchimp import MAILCHIMP
from subscribers.transfer.origins.mailman import MAILMAN
from subscribers.transfer.origins.origin import Origin, plain_name
from subscribers.transfer.origins.substack import SUBSTACK

ORIGINS = (LISTMONK, MAILCHIMP, SUBSTACK, GHOST, BUTTONDOWN, KIT, MAILMAN)
# Names by which people know a system too.
ALSO_CALLED = {"convertkit": KIT, "csv": GENERIC}


@dataclass(frozen=True, slots=True)
class Recognised:
    """An origin, and in a few words what it was known by."""

    origin: Origin
    why: str


def recognise(head: Sequence[str], *, roster: bool = False) -> Recognised:
    """Return the system whose columns these are; `roster`: the file has none, but a person a line.

    Of several the one that more columns speak for.
    """
    if roster:
        return Recognised(MAILMAN, "one person a line, and no head")
    written = [plain_name(one) for one in head]
    found = [
        (len(sign), origin, sign)
        for origin in ORIGINS
        for sign in origin.signs
        if sign.issubset(written)
    ]
    if not found:
        return Recognised(GENERIC, "")
    _, origin, sign = max(found, key=lambda one: one[0])
    columns = ", ".join(name for name in written if name in sign)
    return Recognised(origin, f"its columns {columns}")


def named(name: str) -> Recognised:
    """Return the system somebody names by hand; raises FileRefused for one that is not known."""
    known = {origin.name.lower(): origin for origin in ORIGINS} | ALSO_CALLED
    origin = known.get(name.strip().lower())
    if origin is None:
        raise FileRefused(f"--from {name}: no system of this name is known", ", ".join(known))
    return Recognised(origin, "you said so")
