"""Other files of the site that a post takes in; nothing outside of the site is read."""

from pathlib import Path

from newsletter.digest.dialects.dialect import Page
from newsletter.digest.front_matter import split
from newsletter.digest.site_files import read_site_file
from newsletter.errors import PostError


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
    start = (folder or root) if name.startswith("/") else page.path.parent
    try:
        inside = (start / name.lstrip("/")).resolve().relative_to(root)
    except (OSError, ValueError, RuntimeError):
        return None
    return read_site_file(root, inside.as_posix())
