"""Templates of a Hugo site that decide where its links and pictures lead: told, and never run.

https://gohugo.io/render-hooks/
"""

import re
from collections.abc import Iterator, Sequence

from newsletter.digest.dialects.dialect import Page
from newsletter.digest.site_files import read_site_file
from newsletter.findings import Finding

# Where a template writes an address, and what leaves it as it is.
ADDRESS = re.compile(r"\b(?:href|src)\s*=\s*[\"']?(\{\{[^{}]*\}\}[^\"'>\s]*)")
AS_WRITTEN = re.compile(r"\{\{-?\s*\.Destination\s*(?:\|\s*safeURL\s*)?-?\}\}")
LINK = re.compile(r"\]\(|\]\[|\]:")
PICTURE = re.compile(r"!\[")
HOOKS = (("render-link", LINK, "links"), ("render-image", PICTURE, "pictures"))


def hooks(page: Page, folders: Sequence[str]) -> Iterator[Finding]:
    """Yield a finding for each hook that may write other addresses than the post has.

    `folders` are those of the site's templates, its own before its themes'.
    """
    if page.site.root is None:
        return
    for name, sign, what in HOOKS:
        if not sign.search(page.matter.body):
            continue
        places = (f"{folder}/{name}.html" for folder in folders)
        file = next((one for one in places if read_site_file(page.site.root, one) is not None), "")
        template = read_site_file(page.site.root, file) if file else None
        if template and _changes(template):
            yield Finding(
                "render-hook",
                f"{file} decides on the site where {what} lead; it is not run, so in the email "
                "they lead where Hugo itself would lead them.",
                "Compare one of them with the site.",
                path=page.path,
                line=1,
            )


def _changes(template: str) -> bool:
    """Return whether a template does more with an address than write it down."""
    written = ADDRESS.findall(template)
    return not written or not all(map(AS_WRITTEN.fullmatch, written))
