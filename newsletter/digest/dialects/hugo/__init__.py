"""Hugo: shortcodes, bundles, permalinks."""

from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect
from newsletter.digest.dialects.hugo.shortcodes import lift_shortcodes
from newsletter.digest.dialects.hugo.site import claims, read_site


def _recognises(_file: Path, text: str) -> bool:
    return "{{<" in text or "{{%" in text


HUGO = Dialect("hugo", "Hugo", claims, _recognises, read_site, lift_shortcodes)
