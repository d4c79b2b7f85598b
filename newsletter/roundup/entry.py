"""One post as a roundup names it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from newsletter.digest.model import Digest, Image
from newsletter.digest.post_file import INDEXES
from newsletter.digest.site import Site
from newsletter.errors import PostError
from newsletter.roundup.excerpt import excerpt


@dataclass(frozen=True, slots=True)
class Entry:
    """A post of a roundup: words without markup, absolute addresses, `section` for a heading.

    `url` is None when the site's rules do not tell the post's address; `section` is empty for a
    post that lies in the folder itself.
    """

    path: Path
    title: str
    when: datetime
    url: str | None = None
    excerpt: str = ""
    picture: str = ""
    picture_alt: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()


def entry_of(digest: Digest, text: str, *, when: datetime, section: str) -> Entry:
    """Return a post's entry; `text` is that of its file."""
    picture = _picture(digest)
    return Entry(
        path=digest.path,
        title=digest.title,
        when=when,
        url=digest.url,
        excerpt=excerpt(digest, text),
        picture=(picture.url or "") if picture else "",
        picture_alt=(picture.alt or picture.title or "") if picture else "",
        section=section,
        tags=digest.tags or digest.categories,
    )


def _picture(digest: Digest) -> Image | None:
    """Return the first picture that can be fetched from an inbox, the cover when there is none."""
    cover = digest.cover
    inside = (one for src, one in digest.images.items() if cover is None or src != cover.src)
    ordered = [*inside, *([cover] if cover else [])]
    return next((one for one in ordered if one.url), None)


def section_of(file: Path, folder: Path, site: Site) -> str:
    """Return the heading for the part of a folder that a post lies in.

    Its section page's title, where the site has one (`_index.md`), else the folder's name.
    """
    inside = list(file.relative_to(folder).parts[:-1])
    if file.name in INDEXES and inside:
        # A bundle's own folder is the post.
        inside.pop()
    if not inside or inside[0].startswith("_"):
        return ""
    for name in INDEXES:
        page = folder / inside[0] / name
        if name.startswith("_") and page.is_file():
            try:
                title = site.metadata(page).title
            except PostError:
                break
            if title:
                return title
    name = inside[0].replace("-", " ").replace("_", " ").strip()
    return f"{name[:1].upper()}{name[1:]}"
