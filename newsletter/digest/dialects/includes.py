"""Other files of the site that a post takes in; nothing outside of the site is read."""

from pathlib import Path

from newsletter.digest.author_text import neutral
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.front_matter import split
from newsletter.errors import PostError

LARGEST = 100_000


def included(page: Page, name: str) -> str | None:
    """Return the body of a file that a post names, None when there is none that may be read.

    A name that begins with a slash is below the site's root, another one beside the post.
    """
    text = read_below(page, name)
    if text is None:
        return None
    try:
        return split(text, page.path).body.strip("\n")
    except PostError:
        return None


def read_below(page: Page, name: str, folder: Path | None = None) -> str | None:
    """Return a file's text; `folder` is where names that begin with a slash are looked up."""
    root = (page.site.root or page.path.parent).resolve()
    file = (folder or root) / name.lstrip("/") if name.startswith("/") else page.path.parent / name
    try:
        file = file.resolve()
        if not file.is_relative_to(root) or not file.is_file() or file.stat().st_size > LARGEST:
            return None
        return neutral(file.read_text("utf-8-sig")).replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, ValueError):
        return None
