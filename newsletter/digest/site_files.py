"""Reads other files of a site for a post's templates: below the site's root, small, neutral."""

from pathlib import Path

from newsletter.digest.author_text import neutral

LARGEST = 256_000


def site_file(root: Path, name: str) -> Path | None:
    """Return a file of a site by its path from the root; None for one outside, or not there."""
    try:
        file = (root / name.lstrip("/")).resolve()
        inside = file.is_relative_to(root.resolve()) and file.is_file()
    except (OSError, ValueError, RuntimeError):
        return None
    return file if inside else None


def read_site_file(root: Path, name: str) -> str | None:
    """Return the text of a site's file; None when there is none, or none that is a small text."""
    file = site_file(root, name)
    try:
        if file is None or file.stat().st_size > LARGEST:
            return None
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    return neutral(text).replace("\r\n", "\n").replace("\r", "\n")
