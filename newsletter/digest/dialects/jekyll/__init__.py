"""Jekyll: Liquid, kramdown, dated posts and permalinks."""

import re
from dataclasses import replace
from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect, Lifted, Page
from newsletter.digest.dialects.jekyll.site import CONFIGS, read_site
from newsletter.digest.dialects.jekyll.templates import run_templates
from newsletter.digest.dialects.kramdown.blocks import lift_kramdown
from newsletter.digest.dialects.lines import lines_of

# Tags, filters and names that are Jekyll's own; and kramdown's lists of attributes.
SIGNS = re.compile(
    r"\{%-?\s*(?:post_url|highlight|link\s+[\w/.-]+|include(?:_relative|_cached)?\s+[\w/-]+\.\w)"
    r"|\|\s*(?:relative_url|absolute_url|markdownify)\b|\{\{-?\s*site\.(?:baseurl|url|data)\b"
    r"|^[ \t>]*\{:\s*[.#\w]|\{::(?:comment|nomarkdown|options)",
    re.MULTILINE,
)
DATED = re.compile(r"(?:^|_)\d{4}-\d{2}-\d{2}-")
# The layout draws the title, and the name tells the date.
OWN_TITLE = re.compile(r"^# \S", re.MULTILINE)
DATE = re.compile(r"^date\s*:", re.MULTILINE)
LAYOUT = re.compile(r"^layout\s*:", re.MULTILINE)


def _recognises(file: Path, text: str) -> bool:
    if SIGNS.search(text) is not None:
        return True
    if not text.startswith("---") or not DATED.search(file.stem):
        return False
    head, _, body = text[3:].partition("\n---")
    if LAYOUT.search(head):
        return True
    return not DATE.search(head) and not OWN_TITLE.search(body)


def _lift(body: str, page: Page) -> Lifted:
    lifted = lift_kramdown(run_templates(body, page))
    options = page.site.settings.get("kramdown")
    if isinstance(options, dict) and options.get("hard_wrap") is True:
        text = "\n".join(
            line.text if line.is_code or line.is_blank else f"{line.text}  "
            for line in lines_of(lifted)
        )
        return replace(lifted, text=text)
    return lifted


JEKYLL = Dialect("jekyll", "Jekyll", CONFIGS, _recognises, read_site, _lift)
