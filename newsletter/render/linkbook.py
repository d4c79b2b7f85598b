"""Numbers the links of an issue: one number for each address in each story."""

import re

from newsletter.message import Link
from newsletter.slots import slot

COUNTED = re.compile(r"https?://", re.IGNORECASE)


class LinkBook:
    """The link table of one issue, filled in the order in which the renderers meet the links."""

    def __init__(self) -> None:
        self._links: dict[tuple[str, int | None], Link] = {}

    def slot(self, url: str, label: str = "", story: int | None = None) -> str:
        """Return the slot of this address in this story (from 1; None outside of any).

        The first label given is kept. What is no web address (mailto:, tel:, #…) comes back
        unchanged.
        """
        if not COUNTED.match(url):
            return url
        known = self._links.get((url, story))
        if known is None:
            known = Link(len(self._links) + 1, url, label, story)
        elif label and not known.label:
            known = Link(known.number, url, label, story)
        self._links[url, story] = known
        return slot(f"link/{known.number}")

    @property
    def links(self) -> tuple[Link, ...]:
        """The links in the order of their numbers, from 1."""
        return tuple(self._links.values())
