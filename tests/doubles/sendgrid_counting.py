"""What SendGrid counts of a message that it took, and how it reports it, by its documentation alone.

Nothing of `newsletter` is imported here. Sources: Click Tracking & HTML Best Practices; Event
Webhook Reference.
"""

from collections import Counter
from html.parser import HTMLParser
from typing import Any, NamedTuple

from tests.doubles.sendgrid_mail import Accepted

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


class Tracked(NamedTuple):
    """A link that leads through SendGrid: its address, and which of those alike it is, from 0."""

    url: str
    place: int


def tracked(one: Accepted) -> list[Tracked]:
    """Return the links of a message's HTML that SendGrid changes, in their order."""
    if not one.shared["tracking_settings"]["click_tracking"]["enable"]:
        return []
    reader = _Anchors()
    reader.feed(one.html)
    seen: Counter[str] = Counter()
    found = []
    for url in reader.urls:
        found.append(Tracked(url, seen[url]))
        seen[url] += 1
    return found


def has_pixel(one: Accepted) -> bool:
    """Say whether SendGrid adds its picture to a message."""
    return bool(one.shared["tracking_settings"]["open_tracking"]["enable"])


def visit(
    one: Accepted, number: int, at: float, link: Tracked | None = None, **more: Any
) -> dict[str, Any]:
    """Return the report of a click on a link, or of an open without one, by a browser."""
    told: dict[str, Any] = {
        "event": "open" if link is None else "click",
        "email": one.to,
        "timestamp": int(at),
        "sg_event_id": f"visit-{number}",
        "sg_message_id": f"message-{one.request}",
        "ip": "203.0.113.77",
        "useragent": BROWSER,
        **one.custom_args,
    }
    if link is None:
        told["sg_machine_open"] = False
    else:
        told |= {"url": link.url, "url_offset": {"index": link.place, "type": "html"}}
    return told | more


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "a":
            return
        for name, value in attrs:
            if (name, value) == ("clicktracking", "off"):
                return
            if name == "href":
                # Quoted, and without a space around the sign: others are left as they are.
                if 'href="http' in (self.get_starttag_text() or "").lower():
                    self.urls.append(value or "")
                return
