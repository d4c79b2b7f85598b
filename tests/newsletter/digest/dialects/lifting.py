"""Bodies lifted by a dialect, as they are before Markdown is parsed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from newsletter.digest import containers
from newsletter.digest.addresses import Addresses
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.recognition import recognise
from newsletter.digest.front_matter import FrontMatter, split
from newsletter.digest.metadata import Metadata, read_metadata
from newsletter.digest.phrases import spoken
from newsletter.digest.post_file import read_text
from newsletter.digest.site import Site
from tests.newsletter.digest.writing import write_post


def write_site(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a site by their paths and return its root."""
    for name, text in files.items():
        write_post(folder, text, name)
    return folder


def page_of(post: Path, dialect: str = "", site_url: str = "") -> Page:
    """Return a post's page as its reader makes it."""
    text = read_text(post)
    found = recognise(post, text, dialect)
    site = found.dialect.site(found.root, site_url)
    matter = site.complete(found.dialect.split(text, post), post)
    metadata = read_metadata(matter, post)
    return Page(matter, metadata, Addresses(post, site, site.url(post, metadata)))


def page(folder: Path, text: str, site: Site | None = None) -> Page:
    """Return a page of this text that needs no file, in a folder of a site that may be known."""
    path = folder / "index.md"
    matter = split(text, path)
    return Page(matter, read_metadata(matter, path), Addresses(path, site or Site(), None))


def some_page() -> Page:
    """Return a page of no site, for lifts that ask it nothing."""
    return Page(FrontMatter({}, ""), Metadata(), Addresses(Path("a.md"), Site(), None))


def lift(post: Path, dialect: str = "", site_url: str = "") -> Lifted:
    """Return a post's body as its dialect lifts it."""
    page = page_of(post, dialect, site_url)
    found = recognise(post, read_text(post), dialect)
    return in_english(found.dialect.lift(page.matter.body, page))


def in_english(lifted: Lifted) -> Lifted:
    """Return what was lifted with our own words said."""
    return replace(lifted, text=spoken(lifted.text))


def opening(kind: str, title: str = "") -> str:
    """Return the line that opens a box, with our own words said."""
    return spoken(containers.opening(kind, title))


def body(lifted: Lifted) -> str:
    """Return what was lifted without the empty lines around it."""
    return lifted.text.strip("\n")


def told(lifted: Lifted) -> list[tuple[str, int | None]]:
    """Return the names of what was not understood, with the line of the first of each."""
    return [(one.message.split("“")[1].split("”")[0], one.line) for one in lifted.findings]
