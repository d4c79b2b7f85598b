"""The posts that are measured, and each as it would leave: ours, and the shared ones when present.

The shared posts are real ones from public sites (`../shared/posts` beside the clone, or the folder
that BROADSHEET_POSTS names); nothing of them is kept here but their names and where each belongs.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from newsletter import tracking
from newsletter.keys import KeyRing
from newsletter.links import Links
from newsletter.message import RenderedEmail
from newsletter.publishing import Publication, publication
from tests.parts import ROOT

SHARED = Path(os.environ.get("BROADSHEET_POSTS") or ROOT.parent / "shared" / "posts")
PUBLIC_URL = "https://letters.example"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Post:
    """A post to measure: a short name, where it lies, what made its site, the site's address.

    `dialect` is what `--dialect` says, empty where the post must be recognised by itself.
    """

    name: str
    path: Path
    generator: str
    site: str
    dialect: str = ""


# Name, file, generator, the address where its site stands.
_SHARED = (
    ("tmai-april", "tmai-april-2024.md", "hugo", "https://tmai.example/"),
    ("tmai-august", "tmai__august-2022.md", "hugo", "https://tmai.example/"),
    ("mastodon", "mastodon__*.md", "hugo", "https://blog.joinmastodon.org/"),
    ("fluxcd", "fluxcd__*.md", "hugo", "https://fluxcd.io/"),
    ("haiku", "haiku__*.md", "hugo", "https://www.haiku-os.org/"),
    ("redox", "redox-os__*.md", "hugo", "https://www.redox-os.org/"),
    ("ropensci", "ropensci__*.md", "hugo", "https://ropensci.org/"),
    ("bitcoinops", "bitcoinops__*.md", "jekyll", "https://bitcoinops.org/"),
    ("nim", "nim-lang__*.md", "jekyll", "https://nim-lang.org/"),
    ("rails", "rails__*.markdown", "jekyll", "https://rubyonrails.org/"),
    ("swift", "swiftlang__*.md", "jekyll", "https://www.swift.org/"),
    ("rust-osdev", "rust-osdev__*.md", "zola", "https://rust-osdev.com/"),
    ("rust-test-infra", "rust-test-infra-2025/index.md", "zola", "https://blog.rust-lang.org/"),
    ("bioconductor", "Bioconductor__*.qmd", "quarto", "https://blog.bioconductor.org/"),
    ("rust-lang", "rust-lang__*.md", "pelican", "https://this-week-in-rust.org/"),
    ("jellyfin", "jellyfin__*.mdx", "mdx", "https://jellyfin.org/"),
    ("slorber", "slorber__*.mdx", "mdx", "https://thisweekinreact.com/"),
    ("bobmonsour", "bobmonsour__*.md", "eleventy", "https://11tybundle.dev/"),
    ("servo", "servo__*.md", "eleventy", "https://servo.org/"),
    ("nushell", "nushell__*.md", "vuepress", "https://www.nushell.sh/"),
    ("ruanyf", "ruanyf__*.md", "plain", "https://www.ruanyifeng.com/"),
    ("skanehira", "skanehira__*.md", "vuepress", "https://gorilla.example/"),
)
# Not Markdown: refused with file, line and reason.
ORG = "tecosaur__this-month-in-org__2022-05-31-folding.org"

EXAMPLES = tuple(
    Post(path.parent.name, path, "hugo", "")
    for path in sorted((ROOT / "examples" / "site" / "content" / "blog").glob("*/index.md"))
)


# One for each generator, written for this: whatever it lets an author write, in one post.
_WRITTEN = {
    "astro.mdx": ("mdx", "astro"),
    "docusaurus.mdx": ("mdx", "docusaurus"),
    "hard.md": ("plain", "plain"),
    "rmarkdown.Rmd": ("quarto", "quarto"),
    "vitepress.md": ("vuepress", "vitepress"),
}
WRITTEN = tuple(
    Post(
        f"own-{path.stem}",
        path,
        _WRITTEN.get(path.name, (path.stem,))[0],
        "https://harbour.example/",
        _WRITTEN.get(path.name, (path.stem,))[-1],
    )
    for path in sorted((ROOT / "tests" / "meters" / "written").iterdir())
)
LEFTWARD = tuple(
    Post(name, ROOT / "tests" / "posts" / f"{name}.md", "plain", "https://libraries.example/")
    for name in ("arabic", "hebrew")
)
OURS = (*EXAMPLES, *LEFTWARD, *WRITTEN)


def all_shared() -> tuple[Post, ...]:
    """Return the shared posts that are there: all of them, or none without the folder."""
    return tuple(
        Post(name, path, generator, site)
        for name, pattern, generator, site in _SHARED
        for path in SHARED.glob(pattern)
    )


@cache
def published(post: Post) -> Publication:
    """Return the post as `render` makes it, its pictures left at the site where that is known."""
    return publication(
        post.path, None, now=NOW, site_url=post.site, dialect=post.dialect, images="site"
    )


@cache
def seen(post: Post) -> RenderedEmail:
    """Return the email as anybody may see it: the author's own links, no hole left."""
    made = published(post)
    return tracking.sample(
        made.email, Links(PUBLIC_URL, KeyRing(["k" * 43])), list_slug="sample", key=made.key
    )
