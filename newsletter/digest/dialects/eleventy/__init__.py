"""Eleventy: Liquid and Nunjucks, data around a post, permalinks."""

import re
from dataclasses import replace
from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect, Lifted, Page
from newsletter.digest.dialects.eleventy.configuration import CONFIGS
from newsletter.digest.dialects.eleventy.site import EleventySite, read_site
from newsletter.digest.dialects.eleventy.templates import run_templates
from newsletter.findings import Finding

SIGNS = re.compile(
    r"^\s*eleventy(?:Computed|Navigation|ExcludeFromCollections|Import)\s*:"
    r"|\{\{-?\s*[\"'][^\"'{}\n]*[\"']\s*\|\s*url\s*-?\}\}|\.njk[\"']"
    r"|\{%-?\s*(?:set\s+\w+\s*=|include\s+[\"']|(?:css|js|renderTemplate|macro|asyncEach)\b)",
    re.MULTILINE,
)


def _recognises(_file: Path, text: str) -> bool:
    return SIGNS.search(text) is not None


def _lift(body: str, page: Page) -> Lifted:
    lifted = run_templates(body, page)
    site = page.site
    script = site.script(page.path) if isinstance(site, EleventySite) else ""
    if not script or "permalink" in page.matter.values:
        return lifted
    told = Finding(
        "site-unread",
        f"{script} sets the post's permalink, and scripts are not run: its address is not known.",
        "Write `permalink: …` into the front matter.",
        path=page.path,
        line=1,
    )
    return replace(lifted, findings=(*lifted.findings, told))


ELEVENTY = Dialect("eleventy", "Eleventy", CONFIGS, _recognises, read_site, _lift)
