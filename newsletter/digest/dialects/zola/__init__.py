"""Zola: shortcodes, links between files, slugs."""

import re
from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect
from newsletter.digest.dialects.zola.shortcodes import lift_shortcodes
from newsletter.digest.dialects.zola.site import CONFIGS, claims, read_site

# What only Zola's posts have: its own tables, its links, its calls.
SIGNS = re.compile(
    r"^\[(?:extra|taxonomies)(?:\.\w+)?\]\s*$|\]\(@/|^(?:template|in_search_index)\s*=|^path\s*="
    r"|\{\{\s*\w+\([^{}\n]*\)\s*\}\}|\{%\s*\w+\([^{}\n]*\)\s*%\}",
    re.MULTILINE,
)


def _recognises(_file: Path, text: str) -> bool:
    if "{{<" in text or not text.lstrip().startswith("+++"):
        return False
    return SIGNS.search(text) is not None


ZOLA = Dialect("zola", "Zola", CONFIGS, _recognises, read_site, lift_shortcodes, claims=claims)
