"""Inlining: the typography of the authors' HTML goes into style attributes."""

import logging
from functools import lru_cache
from typing import Any

from premailer import Premailer

# It makes premailer keep a block byte for byte, which would otherwise strip every !important and
# drop the rules it cannot match. It stays in place where there is a media attribute.
MARK = ' data-premailer="ignore"'


def inline(html: str, css: str) -> str:
    """Return the document with `css` inlined; its own style elements stay as they are.

    `css` holds plain rules without `!important`, which would beat the dark mode. Reads no
    network and no file.
    """
    marked = html.replace("<style", f"<style{MARK}")
    done: str = inliner(css).transform(marked, pretty_print=False)
    return done.replace(MARK, "")


@lru_cache(maxsize=32)
def inliner(css: str) -> "Inliner":
    """Return premailer made ready for a style sheet."""
    return Inliner(
        css_text=css,
        strip_important=False,
        keep_style_tags=False,
        remove_classes=False,
        disable_validation=True,
        allow_network=False,
        allow_loading_external_files=False,
        # It would overwrite width="548" by width="100%", which Outlook takes at its word.
        disable_basic_attributes=["width", "height", "align", "valign", "bgcolor"],
        align_floating_images=False,
        preserve_internal_links=True,
        exclude_pseudoclasses=True,
        cssutils_logging_level=logging.CRITICAL,
    )


class Inliner(Premailer):  # type: ignore[misc]  # premailer carries no types
    """premailer, reading a style sheet once: that takes longer than all the rest of a rendering.

    A release that reads sheets in another way leaves this unused, and only slower.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._read: dict[tuple[str, int], Any] = {}

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> Any:
        sheet = (css_body, ruleset_index)
        if sheet not in self._read:
            self._read[sheet] = super()._parse_style_rules(css_body, ruleset_index)
        return self._read[sheet]
