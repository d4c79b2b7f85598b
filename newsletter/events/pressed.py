"""On which link of an issue a click was that the provider counted: by address, and by place.

A provider knows addresses and no numbers of ours. The same address may stand in several stories;
SendGrid says which of those alike it was (Event Webhook Reference, url_offset). Where that does
not tell, the link is not known: it is not made up.
"""

from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from urllib.parse import unquote, urlsplit

from newsletter.issues import counting_of, links_of
from newsletter.links import Links
from newsletter.message import Visit
from newsletter.models import Issue
from newsletter.slots import SLOT
from newsletter.tracking import hrefs, is_counted, tagged

_LINK = "link/"


class Pressed:
    """The counted links of one issue, as a provider's reports name them."""

    def __init__(self, issue: Issue, links: Links) -> None:
        how = counting_of(issue, links)
        self._addresses = {
            link.number: same(tagged(link.url, how)) for link in links_of(issue) if is_counted(link)
        }
        self._in_html = self._numbers(SLOT.findall(" ".join(hrefs(issue.html))))
        self._in_text = self._numbers(SLOT.findall(issue.text))

    def __len__(self) -> int:
        """How many links are counted."""
        return len(self._addresses)

    def number(self, visit: Visit) -> int | None:
        """Return the number of the link that was pressed, None where that cannot be told."""
        url = same(visit.url)
        places = self._in_text if visit.in_text else self._in_html
        alike = [number for number in places if self._addresses[number] == url]
        alike = alike or [number for number, its in self._addresses.items() if its == url]
        if len(set(alike)) < 2:
            return alike[0] if alike else None
        if visit.place is None:
            return None
        if visit.place < len(alike):
            return alike[visit.place]
        # It has been seen to count all links of a mail (sendgrid/docs#6054).
        there = places[visit.place] if visit.place < len(places) else None
        return there if there in alike else None

    def _numbers(self, slots: Sequence[str]) -> list[int]:
        """Return the numbers of the counted links among some slots, in their order."""
        found = [name.removeprefix(_LINK) for name in slots if name.startswith(_LINK)]
        return [int(one) for one in found if one.isdecimal() and int(one) in self._addresses]


@lru_cache(maxsize=4096)
def same(url: str) -> str:
    """Return what is equal for two ways of writing one address."""
    url = unescape(url).strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = unquote(parts.path) or "/"
    rest = (unquote(one) for one in (parts.query, parts.fragment))
    return "\n".join((parts.scheme.lower(), parts.netloc.lower(), path, *rest))
