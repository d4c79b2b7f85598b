"""How large the HTML is that one recipient gets: Gmail cuts, and hides the goodbye link."""

from collections.abc import Iterator
from functools import cache

from newsletter import tracking
from newsletter.findings import Finding
from newsletter.keys import KeyRing
from newsletter.links import Goodbye, Links
from newsletter.preflight.checked import Checked
from newsletter.slots import HOLE

# RULES H-6.
CLIPPED_AT = 102_400
NEARLY = 90_000
# Ids of a house with two thousand million readers: no real token is longer.
LARGEST = Goodbye(list_id=2**15, subscriber_id=2**31, issue_id=2**21)


def check_size(checked: Checked) -> Iterator[Finding]:
    """Find HTML that Gmail cuts at 102,400 bytes, or nearly."""
    size = html_size(checked)
    if size > CLIPPED_AT:
        yield checked.finding(
            "clipped", f"The HTML has {size:,} bytes; Gmail cuts at {CLIPPED_AT:,}."
        )
    elif size > NEARLY:
        yield checked.finding(
            "nearly-clipped", f"The HTML has {size:,} bytes; Gmail cuts at {CLIPPED_AT:,}."
        )


def html_size(checked: Checked) -> int:
    """Return the bytes of the HTML as one recipient gets it, addresses and token included."""
    links = Links(checked.public_url, _ring())
    slug = checked.masthead.slug if checked.masthead else "sample"
    addressed = tracking.address(checked.email, links, list_slug=slug, key=checked.key)
    token = links.goodbye_token(LARGEST)
    return len(HOLE.sub(lambda match: match[2] or token, addressed.html).encode())


@cache
def _ring() -> KeyRing:
    # Every key makes tokens of the same length, and these are thrown away.
    return KeyRing(["no secret: only the length of a token counts"])
