"""A page for one test of a dialect."""

from pathlib import Path

from newsletter.digest.addresses import Addresses
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.front_matter import split
from newsletter.digest.metadata import read_metadata
from newsletter.digest.site import Site


def page(folder: Path, text: str, site: Site | None = None, url: str | None = None) -> Page:
    """Return a page with this text, its front matter read, in a folder."""
    path = folder / "index.md"
    matter = split(text, path)
    return Page(matter, read_metadata(matter, path), Addresses(path, site or Site(), url))
