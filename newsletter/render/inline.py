"""Inlining: the typography of the authors' HTML goes into style attributes."""

import logging

from premailer import Premailer


def inline(html: str, css: str) -> str:
    """Return the document with `css` inlined; its own style elements stay as they are.

    `css` holds plain rules without `!important`, which would beat the dark mode. Reads no
    network and no file.
    """
    # The mark makes premailer keep a block byte for byte: it would strip every !important and
    # drop the rules it cannot match. It stays in place where there is a media attribute.
    html = html.replace("<style", '<style data-premailer="ignore"')
    done: str = Premailer(
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
    ).transform(html, pretty_print=False)
    return done.replace(' data-premailer="ignore"', "")
