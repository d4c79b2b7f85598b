"""Which dialect a post is written in: named, told by the site around it, or by the post itself."""

import os
from dataclasses import dataclass
from pathlib import Path

from newsletter.digest.dialects.dialect import Dialect
from newsletter.digest.dialects.eleventy import ELEVENTY
from newsletter.digest.dialects.hugo import HUGO
from newsletter.digest.dialects.jekyll import JEKYLL
from newsletter.digest.dialects.mdx import ASTRO, DOCUSAURUS, MDX
from newsletter.digest.dialects.mkdocs import MKDOCS
from newsletter.digest.dialects.nikola import NIKOLA
from newsletter.digest.dialects.pelican import PELICAN
from newsletter.digest.dialects.plain import PLAIN
from newsletter.digest.dialects.quarto import QUARTO
from newsletter.digest.dialects.vue import VITEPRESS, VUEPRESS
from newsletter.digest.dialects.zola import ZOLA
from newsletter.errors import PostError

# In this order: where two generators' signs agree, the first one wins. The last recognises all.
# Zola's and Nikola's signs are their own; what else is headed with TOML is Hugo's.
DIALECTS: tuple[Dialect, ...] = (
    *(QUARTO, ZOLA, NIKOLA, HUGO, ELEVENTY, JEKYLL, DOCUSAURUS, ASTRO, MDX, PELICAN),
    *(VUEPRESS, VITEPRESS, MKDOCS),
    PLAIN,
)
# What a repository's root holds.
REPOSITORY = ".git"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A dialect, and the folder of its site's configuration (None: there is none)."""

    dialect: Dialect
    root: Path | None = None


def recognise(file: Path, text: str, name: str = "") -> Recognised:
    """Return the dialect of a post; `name` settles it. Raises PostError for a name that is none.

    A site's configuration in the folders above tells more than the text: the nearest one counts,
    and no folder above the repository is looked at.
    """
    dialects = (_named(name, file),) if name else DIALECTS
    for folder in file.resolve().parents:
        names = names_in(folder)
        for dialect in dialects:
            if dialect.has_root(folder, names):
                return Recognised(dialect, folder)
        if REPOSITORY in names:
            break
    if name:
        return Recognised(dialects[0])
    return Recognised(next(one for one in DIALECTS if one.recognises(file, text)))


def _named(name: str, file: Path) -> Dialect:
    for dialect in DIALECTS:
        if dialect.name == name.lower():
            return dialect
    known = ", ".join(dialect.name for dialect in DIALECTS)
    raise PostError(f"there is no dialect {name!r}", f"name one of: {known}", path=file)


def names_in(folder: Path) -> frozenset[str]:
    """Return the names of what lies in a folder; none where it may not be looked into."""
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()
