"""Runs the Liquid or Nunjucks in an Eleventy post, as far as both agree."""

import re

from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.eleventy.site import EleventySite
from newsletter.digest.dialects.liquid.known_tags import show_known
from newsletter.digest.dialects.liquid.lexer import Mark
from newsletter.digest.dialects.liquid.outputs import fill
from newsletter.digest.dialects.liquid.run import Language, Run
from newsletter.digest.dialects.liquid.tags import BLOCKS, HOLLOW, SILENT, TAGS
from newsletter.digest.site_files import read_site_file

FILE = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)'|([\w./-]+))")
NUNJUCKS_COMMENT = re.compile(r"\{#(?!\w+\})(?:(?!\{#).)*?#\}", re.DOTALL)
TEMPLATES = (".njk", ".liquid", ".html", ".md")


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
    site = run.page.site
    found = FILE.match(mark.markup)
    if not isinstance(site, EleventySite) or site.input is None or not found:
        return False
    name = fill(found[1] or found[2] or found[3] or "", run.scope)
    if not name or ".." in name:
        return False
    endings = ("",) if name.endswith(TEMPLATES) else (*TEMPLATES, "")
    for ending in endings:
        path = f"{site.configuration.includes}/{name}{ending}"
        text = read_site_file(site.input, path)
        if text is not None:
            run.include(text.rstrip("\n"), mark, {})
            return True
    return False


LANGUAGE = Language(
    {**TAGS, "include": _include, "render": _include},
    BLOCKS,
    show_known,
    in_code=frozenset(("include",)),
    silent=SILENT,
    hollow=HOLLOW,
)
