"""Pelican: `Title:` heads, `{filename}` links, Python-Markdown's extensions."""

import re
from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect
from newsletter.digest.dialects.pelican.site import CONFIGS, read_site
from newsletter.digest.dialects.python_markdown.head import has_head, split_head
from newsletter.digest.dialects.python_markdown.lifting import lift_extensions

SIGNS = re.compile(r"[(\"'<][{|](?:filename|static|attach|author|category|tag|index)[|}]")


def _recognises(_file: Path, text: str) -> bool:
    return SIGNS.search(text) is not None or has_head(text)


PELICAN = Dialect(
    "pelican", "Pelican", CONFIGS, _recognises, read_site, lift_extensions, split_head
)
