"""Quarto and R Markdown: divs, spans, chunks of code, cross references, shortcodes."""

from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect
from newsletter.digest.dialects.quarto.lifting import lift_quarto
from newsletter.digest.dialects.quarto.site import CONFIGS, read_site

SUFFIXES = (".qmd", ".rmd")


def _recognises(file: Path, _text: str) -> bool:
    return file.suffix.lower() in SUFFIXES


QUARTO = Dialect("quarto", "Quarto", CONFIGS, _recognises, read_site, lift_quarto)
