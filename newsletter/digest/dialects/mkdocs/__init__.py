"""MkDocs and Python-Markdown's extensions: admonitions, tabs, snippets, attribute lists."""

import re
from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect
from newsletter.digest.dialects.mkdocs.lifting import lift_mkdocs
from newsletter.digest.dialects.mkdocs.site import CONFIGS, read_site

SIGN = re.compile(r"^(?:!!!|\?\?\?\+?) \w[^\n]*\n+ {4}|^=== \"[^\"\n]+\"\n+ {4}", re.MULTILINE)


def _recognises(_file: Path, text: str) -> bool:
    return bool(SIGN.search(text))


MKDOCS = Dialect("mkdocs", "MkDocs", CONFIGS, _recognises, read_site, lift_mkdocs)
