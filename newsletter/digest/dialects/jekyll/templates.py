"""Runs the Liquid in a Jekyll post."""

from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt

from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.jekyll.data import names
from newsletter.digest.dialects.jekyll.site import web_path
from newsletter.digest.dialects.jekyll.tags import LANGUAGE
from newsletter.digest.dialects.liquid.filters import FILTERS, text
from newsletter.digest.dialects.liquid.operations import Filter, Scope
from newsletter.digest.dialects.liquid.run import Run
from newsletter.digest.site import web_base

# What an address in a template keeps as it is.
SAFE = "/:?#[]@!$&'()*+,;=%~-._"
LONGEST_MARKDOWN = 20_000


def run_templates(body: str, page: Page) -> Lifted:
    """Return a post's body with its Liquid run, and what of it was not understood."""
    if "{{" not in body and "{%" not in body:
        return Lifted(body)
    scope = Scope(names(page), FILTERS | address_filters(page.site.base))
    return Run(page, scope, LANGUAGE).lift(body)


def address_filters(base: str) -> dict[str, Filter]:
    """Return the filters that know where the site lives."""
    prefix = web_path(base)
    origin = "/".join(base.split("/")[:3])

    def relative_url(value: Any) -> str:
        written = text(value)
        if web_base(written):
            return written
        return quote(prefix + "/" + written.lstrip("/"), safe=SAFE)

    def absolute_url(value: Any) -> str:
        written = text(value)
        return written if web_base(written) else origin + relative_url(written)

    return {
        "relative_url": relative_url,
        "absolute_url": absolute_url,
        "strip_index": lambda value: text(value).removesuffix("index.html"),
        "markdownify": _markdownify,
        "smartify": text,
    }


def _markdownify(value: Any) -> str:
    written = text(value)
    if len(written) > LONGEST_MARKDOWN:
        raise ValueError("too long")
    return str(MarkdownIt("commonmark", {"maxNesting": 20}).render(written)).strip()
