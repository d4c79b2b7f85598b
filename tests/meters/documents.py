"""Every email that machines are asked about: the measured posts, and the letters."""

from datetime import UTC, datetime
from functools import cache

from newsletter import tracking
from newsletter.compose import Composer
from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.message import Envelope, RenderedEmail
from newsletter.publishing import SAMPLE
from newsletter.render.letters import KINDS, render_letter
from tests.meters.posts import OURS, PUBLIC_URL, Post, all_shared, seen
from tests.parts import ROOT

POSTS = {post.name: post for post in (*OURS, *all_shared())}
# One of everything that Markdown, and the HTML in it, may hold: maths, which leaves as other words
# than it came in, among it.
EVERYTHING = Post(
    "everything", ROOT / "tests/posts/everything.md", "plain", "https://site.example/"
)
SHOWN = {**POSTS, EVERYTHING.name: EVERYTHING}
NAMES = (*SHOWN, *KINDS)
DATE = datetime(2026, 11, 25, 9, tzinfo=UTC)


@cache
def email(name: str) -> RenderedEmail:
    """Return the email of this name as a recipient gets it, but for the tokens in its links."""
    if name in SHOWN:
        return seen(SHOWN[name])
    links = Links(PUBLIC_URL, KeyRing(["k" * 43]))
    return tracking.sample(render_letter(name, SAMPLE), links, list_slug=SAMPLE.slug, key=name)


def message(name: str) -> bytes:
    """Return the whole message, headers and both parts."""
    envelope = Envelope(address="reader@letters.example", name="A Reader", token="sample")
    return Composer(email(name), domain="letters.example").message(envelope, date=DATE)


def pictured(name: str) -> dict[str, bytes]:
    """Return the pictures that we serve, by their address."""
    return {f"{PUBLIC_URL}/m/{asset.name}": asset.data for asset in email(name).assets}
