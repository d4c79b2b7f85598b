"""Whether a List's letters hold nothing but their one link: no promotion, no pixel (RULES L-3)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from pathlib import Path

from newsletter.findings import Finding
from newsletter.message import Masthead, RenderedEmail
from newsletter.preflight.checked import Checked
from newsletter.render.letters import KINDS, render_letter
from newsletter.render.templates import TemplateSet, template_set
from newsletter.slots import SLOT

ADDRESS = re.compile(r"""(?:href|src)\s*=\s*["']?\s*(https?://[^"'\s>]+)""", re.IGNORECASE)


def check_letters(checked: Checked) -> Iterator[Finding]:
    """Find what does not belong into a letter, in each letter of the List."""
    if checked.masthead is not None:
        own = checked.templates
        for kind, letter in _letters(checked.masthead, own, template_set(own)):
            yield from judged(checked, kind, letter)


@lru_cache(maxsize=8)
def _letters(
    masthead: Masthead, templates: Path | None, _read: TemplateSet
) -> tuple[tuple[str, RenderedEmail], ...]:
    """Return a List's letters, rendered once for as long as the templates are the same."""
    return tuple((kind, render_letter(kind, masthead, templates=templates)) for kind in KINDS)


def judged(checked: Checked, kind: str, letter: RenderedEmail) -> Iterator[Finding]:
    """Find each address in a letter that is neither its link nor the List's own.

    A counted link, a picture fetched from somewhere and a pixel are such addresses.
    """
    masthead = checked.masthead
    own = {masthead.site_url, masthead.privacy_url, masthead.logo_url} if masthead else set()
    for address in dict.fromkeys(ADDRESS.findall(letter.html)):
        slot = SLOT.fullmatch(address)
        if unescape(address) not in own and not (slot and slot[1] == "letter"):
            yield checked.finding(
                "letter-tracked", f"The letter “{kind}” holds {address} beside its own link."
            )
