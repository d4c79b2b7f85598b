"""Hugo: shortcodes, bundles, permalinks."""

import re
from dataclasses import replace
from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect, Lifted, Page
from newsletter.digest.dialects.hugo.configuration import CONFIGS
from newsletter.digest.dialects.hugo.content import layouts
from newsletter.digest.dialects.hugo.front_matter import hidden
from newsletter.digest.dialects.hugo.hooks import hooks
from newsletter.digest.dialects.hugo.shortcodes import lift_shortcodes
from newsletter.digest.dialects.hugo.site import claims, read_site

# Keys that Hugo reads and others hardly do; and those of others, which have some of them too.
KEYS = re.compile(
    r"^(?:lastmod|publishDate|expiryDate|headless|isCJKLanguage|linkTitle|resources|params|aliases)"
    r"\s*:",
    re.MULTILINE,
)
MARKUP = ("_default/_markup", "_markup")
FOREIGN = re.compile(r"^(?:layout|permalink|format|output|execute|eleventy\w+)\s*:", re.MULTILINE)


def _recognises(file: Path, text: str) -> bool:
    # Quarto writes its own shortcodes so.
    if file.suffix.lower() not in (".md", ".markdown"):
        return False
    if "{{<" in text or "{{%" in text:
        return True
    text = text.lstrip()
    if text.startswith("+++"):
        return True
    head, closed, _ = text[3:].partition("\n---") if text.startswith("---") else ("", "", "")
    return bool(closed) and KEYS.search(head) is not None and FOREIGN.search(head) is None


def _lift(body: str, page: Page) -> Lifted:
    lifted = lift_shortcodes(body, page)
    folders = layouts(page.site.settings, MARKUP)
    return replace(lifted, findings=(*hidden(page), *hooks(page, folders), *lifted.findings))


HUGO = Dialect("hugo", "Hugo", CONFIGS, _recognises, read_site, _lift, claims=claims)
