"""VuePress and VitePress: boxes, outputs of Vue, components, imported code."""

import re
from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect
from newsletter.digest.dialects.vue.lifting import lift_vue
from newsletter.digest.dialects.vue.site import Sort, claims, read_site

# `::: tip Title`: unlike Docusaurus' boxes with a blank, unlike Quarto's without braces.
BOX = re.compile(
    r"^:{3,} (?:tip|info|note|warning|danger|important|caution|details|code-group|v-pre)\b",
    re.MULTILINE,
)
OUTPUT = re.compile(r"\{\{ ?\$(?:frontmatter|page)\b")
IMPORTED = re.compile(r"^<<< @?[./]", re.MULTILINE)


def _recognises(_file: Path, text: str) -> bool:
    return any(sign.search(text) for sign in (BOX, OUTPUT, IMPORTED))


def _dialect(sort: Sort, generator: str) -> Dialect:
    return Dialect(
        sort.value,
        generator,
        (f".{sort.value}",),
        _recognises,
        lambda root, site_url: read_site(root, site_url, sort),
        lift_vue,
        claims=lambda folder: claims(folder, sort),
    )


VUEPRESS = _dialect(Sort.VUEPRESS, "VuePress")
VITEPRESS = _dialect(Sort.VITEPRESS, "VitePress")
