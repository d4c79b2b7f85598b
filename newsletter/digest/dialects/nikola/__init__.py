"""Nikola: `.. title:` metadata, `{{% … %}}`, `link://`, Python-Markdown's extensions."""

import re
from pathlib import Path
from urllib.parse import unquote

from newsletter.digest.code_spans import pieces
from newsletter.digest.dialects.dialect import Dialect, Lifted, Page
from newsletter.digest.dialects.lines import composed
from newsletter.digest.dialects.nikola.head import has_metadata, split_metadata
from newsletter.digest.dialects.nikola.shortcodes import lift_shortcodes
from newsletter.digest.dialects.nikola.site import CONFIG, NikolaSite, claims, read_site
from newsletter.digest.dialects.python_markdown.lifting import lift_extensions

# In HTML it is a comment, which goes by itself.
MAGIC = re.compile(r"\blink:///?(\w{1,20})/?([^\s#()<>\"'\]]{0,300})(#[^\s()<>\"'\]]{0,200})?")
TEASER = re.compile(r"^[ \t]*\.\. TEASER_END.*$", re.MULTILINE)


def _recognises(_file: Path, text: str) -> bool:
    return has_metadata(text) or "](link://" in text


def _lift(body: str, page: Page) -> Lifted:
    shown = lift_shortcodes(_with_links(TEASER.sub("", body), page), page)
    return composed(shown, lift_extensions(shown.text, page))


def _with_links(body: str, page: Page) -> str:
    """Return a body in which `link://…` is an address; one that leads nowhere is none."""
    site = page.site
    if "link://" not in body or not isinstance(site, NikolaSite):
        return body
    return "".join(
        piece.text
        if piece.is_code
        else MAGIC.sub(lambda found: site.magic(found[1], unquote(found[2]), found[3]), piece.text)
        for piece in pieces(body)
    )


NIKOLA = Dialect(
    "nikola", "Nikola", (CONFIG,), _recognises, read_site, _lift, split_metadata, claims=claims
)
