"""Inlining: the typography of the authors' HTML goes into style attributes."""

import logging
from functools import lru_cache
from typing import Any

from premailer import Premailer

from newsletter.render.selectors import Names, may_match, names_in

# It makes premailer keep a block byte for byte, which would otherwise strip every !important and
# drop the rules it cannot match. It stays in place where there is a media attribute.
MARK = ' data-premailer="ignore"'


def inline(html: str, css: str) -> str:
    """Return the document with `css` inlined; its own style elements stay as they are.

    `css` holds plain rules without `!important`, which would beat the dark mode. Reads no
    network and no file.
    """
    marked = html.replace("<style", f"<style{MARK}")
    done: str = Inliner(css, names_in(html)).transform(marked, pretty_print=False)
    return done.replace(MARK, "")


class Inliner(Premailer):  # type: ignore[misc]  # premailer carries no types
    """premailer for one document: it reads a style sheet once, and tries no rule in vain.

    To read a sheet takes it longer than all the rest of a rendering, and each rule searches the
    whole document. A release that does this in another way leaves our part unused, and is slower.
    """

    def __init__(self, css: str, names: Names | None = None) -> None:
        """Take a sheet, and the names in the document: None tries every rule."""
        super().__init__(
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
        self._names = names

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
        rules, leftover = _read(css_body, ruleset_index)
        if self._names is not None:
            rules = [rule for rule in rules if may_match(rule[1], self._names)]
        return rules, leftover


@lru_cache(maxsize=32)
def _read(css: str, index: int) -> tuple[list[Any], list[Any]]:
    """Return the rules of a sheet as premailer reads them: (specificity, selector, style) each."""
    plain = Premailer(
        "", disable_validation=True, exclude_pseudoclasses=True, strip_important=False
    )
    rules, leftover = plain._parse_style_rules(css, index)
    return rules, leftover
