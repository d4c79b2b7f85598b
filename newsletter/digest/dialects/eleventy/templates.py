"""Runs the Liquid or Nunjucks in an Eleventy post, as far as both agree."""

import re

from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.eleventy.macros import (
    call,
    call_around,
    define,
    take_in,
    take_in_from,
    template_text,
)
from newsletter.digest.dialects.eleventy.site import EleventySite
from newsletter.digest.dialects.liquid.known_tags import show_known
from newsletter.digest.dialects.liquid.lexer import Mark
from newsletter.digest.dialects.liquid.run import Language, Run
from newsletter.digest.dialects.liquid.tags import BLOCKS, HOLLOW, SILENT, TAGS

NUNJUCKS_COMMENT = re.compile(r"\{#(?!\w+\})(?:(?!\{#).)*?#\}", re.DOTALL)


def run_templates(body: str, page: Page) -> Lifted:
    """Return a post's body with its templates run, and what of them was not understood."""
    if "#}" in body:
        body = NUNJUCKS_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), body)
    if "{{" not in body and "{%" not in body:
        return Lifted(body)
    if page.matter.values.get("templateEngineOverride") == "md":
        return Lifted(body)
    site = page.site if isinstance(page.site, EleventySite) else EleventySite(base=page.site.base)
    values = dict(page.matter.values)
    path = site.path(page.path, values)
    return Run(page, site.scope(page.path, values, path), LANGUAGE).lift(body)


def _include(run: Run, mark: Mark) -> bool:
    text = template_text(run, mark.markup)
    if text is None:
        return False
    run.include(text, mark, {})
    return True


LANGUAGE = Language(
    {**TAGS, "include": _include, "render": _include, "import": take_in, "from": take_in_from},
    {**BLOCKS, "macro": define, "call": call_around},
    show_known,
    in_code=frozenset(("include",)),
    silent=SILENT,
    hollow=HOLLOW,
    call=call,
)
