"""Plain Markdown of no known generator: whatever looks like machinery takes the generic path."""

from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect
from newsletter.digest.site import Site, web_base


def _site(root: Path | None, site_url: str) -> Site:
    return Site(root, web_base(site_url))


PLAIN = Dialect(
    "plain",
    "plain Markdown",
    configs=(),
    recognises=lambda _file, _text: True,
    site=_site,
)
