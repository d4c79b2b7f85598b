"""The digest: a post as read, plain data between the reader and the renderer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markdown_it.token import Token

from newsletter.digest.inline_words import plain
from newsletter.digest.raw_html import Tag
from newsletter.findings import Finding


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the post.

    `src` is what the author wrote, `path` the file in the bundle (None when it is not there),
    `url` its absolute address at the site (None when the site is not known).
    `alt` is None when the author wrote none, and empty when the author says that the picture only
    decorates.
    """

    src: str
    alt: str | None = None
    title: str | None = None
    path: Path | None = None
    url: str | None = None
    line: int | None = None


def caption(alt: str, title: str) -> str:
    """Return a picture's title where it says something else than its description."""
    same = _plainest(title) == _plainest(alt)
    return "" if same else " ".join(title.split())


def said(alt: str, title: str) -> str:
    """Return a picture's description and, where it says something else, its title."""
    alt, more = " ".join(alt.split()), caption(alt, title)
    if not alt or not more:
        return alt or more
    return f"{alt} {more}" if alt[-1] in ".!?:;" else f"{alt}. {more}"


def _plainest(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(". ")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a story's claim comes from: usually a footnote holding one link.

    `url` is None for a note without a link; `label` is the link's words, `text` the whole note as
    plain words. A note with several links is several sources, each with its part of the text.
    `number` is the author's label of the note.
    """

    number: str
    label: str
    url: str | None
    text: str
    line: int | None = None

    @property
    def host(self) -> str:
        """The host a reader would recognise, without `www.`; empty without a link."""
        host = urlsplit(self.url or "").hostname or ""
        return host.removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Story:
    """One part of a digest: a heading and what stands under it.

    `title` is the inline token of the heading (footnote marks taken out), `blocks` the
    markdown-it block tokens under it without the lead picture, `image` the first picture
    that stands alone in a paragraph.
    """

    title: Token
    blocks: tuple[Token, ...]
    image: Image | None = None
    sources: tuple[Source, ...] = ()
    anchor: str = ""
    line: int | None = None

    @property
    def title_text(self) -> str:
        """The title as plain words."""
        return plain(self.title)


@dataclass(frozen=True, slots=True)
class Digest:
    """A post as read. `sources` are those that belong to no story; all `findings` are the reader's.

    `images` maps each `src` that occurs anywhere in the post (cover included) to its Image.
    `url` is the post's own address at the site, None when the site is not known.
    `publishes` and `expires` are when the site begins and ceases to show it, where the post says so.
    `options` is the optional `newsletter:` table of the front matter.
    `html` are the opening tags of the author's own HTML, which is tokens like any other here.
    """

    path: Path
    title: str
    subtitle: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    publishes: date | datetime | None = None
    expires: date | datetime | None = None
    date: date | datetime | None = None
    slug: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    draft: bool = False
    cover: Image | None = None
    url: str | None = None
    intro: tuple[Token, ...] = ()
    stories: tuple[Story, ...] = ()
    sources: tuple[Source, ...] = ()
    images: Mapping[str, Image] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    html: tuple[Tag, ...] = ()
