"""The stories of a digest as the template wants them: finished pieces of HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markupsafe import Markup

from newsletter.digest.model import Image, Source, Story
from newsletter.render.fit import first_part
from newsletter.render.html import AuthorHTML
from newsletter.render.layout import Layout
from newsletter.render.pictures.album import Album, Shown


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story; `picture` is shown above its words, `thumb` beside its title.

    `absent` is what the author wrote about a picture that cannot be shown.
    """

    number: int
    lead: bool
    title: Markup
    title_text: str
    body: Markup
    anchor: str
    absent: str
    sources: tuple[Markup, ...]
    picture: Markup | None = None
    thumb: Markup | None = None


class StoryDesk:
    """Lays out the stories one after the other; remembers which pictures were shown."""

    def __init__(self, author: AuthorHTML, album: Album, layout: Layout) -> None:
        self._author = author
        self._album = album
        self._layout = layout
        self._seen: set[str] = set()

    def view(self, number: int, story: Story, *, online: str = "", share: float = 0) -> StoryView:
        """Return the story laid out; `number` counts from 1, and the first leads.

        `online` is where it is read instead: then only its title, its picture and this share of
        its beginning are shown.
        """
        layout = self._layout
        lead = layout.leads and number == 1
        # Beside a title there is no room for a caption.
        wide = lead or not layout.thumbnails or not story.title_text or _has_caption(story.image)
        # One note alone needs no mark: it stands right below.
        notes = marks(story.sources) if len(story.sources) > 1 else {}
        again = story.image is not None and story.image.src in self._seen
        # A repeat is small or not at all: no picture fills the column twice.
        shown = None if wide and again else self._shown(story.image, wide=wide)
        if story.image is not None and shown is not None:
            self._seen.add(story.image.src)
        # In the order of the page: links get their numbers as they are met.
        picture = self._picture(story, shown, number, caption=wide) if shown else None
        title = Markup(self._author.inline(story.title, story=number))  # noqa: S704 (sanitised)
        absent = "" if shown or again else _words(story.image)
        blocks: Sequence[Token] = first_part(story.blocks, share) if online else story.blocks
        body = Markup(self._author.blocks(blocks, story=number, notes=notes))  # noqa: S704
        if online:
            href = self._author.link(online, story.title_text, number)
            body += self._layout.fill("_partials/online.html", href=href)
        sources: tuple[Markup, ...] = ()
        if blocks or not online:
            sources = tuple(
                self.source(source, number, notes.get(source.number, ""))
                for source in story.sources
            )
        return StoryView(
            number=number,
            lead=lead,
            title=title,
            title_text=story.title_text,
            body=body,
            absent=absent,
            anchor=story.anchor,
            sources=sources,
            picture=picture if wide else None,
            thumb=None if wide else picture,
        )

    def source(self, source: Source, story: int | None, mark: str) -> Markup:
        """Return where a claim comes from: `Source: label (host)`, or the note's own words."""
        href = self._author.link(source.url, source.label, story)
        label = source.label or source.host or source.text
        before, found, after = source.text.rstrip(" .").partition(label)
        if not found:
            before = after = ""
        return self._layout.fill(
            "_partials/source.html",
            source=source,
            mark=mark,
            href=href,
            label=label,
            before=before,
            after=after,
            host="" if label == source.host else source.host,
        )

    def _shown(self, image: Image | None, *, wide: bool) -> Shown | None:
        if image is None:
            return None
        return self._album.show(image, self._layout.content if wide else self._layout.thumb)

    def _picture(self, story: Story, shown: Shown, number: int, *, caption: bool) -> Markup:
        source = next((one for one in story.sources if one.url), None)
        label = (source.label or source.host) if source else ""
        href = self._author.link(source.url, source.label, number) if source else ""
        is_decorative = story.image is not None and story.image.alt == ""
        return self._layout.fill(
            "_partials/picture.html",
            shown=shown,
            alt="" if is_decorative else _words(story.image) or label,
            href=href,
            caption=(story.image.title or "") if story.image and caption else "",
        )


def _has_caption(image: Image | None) -> bool:
    return image is not None and bool(image.alt and image.title) and image.alt != image.title


def _words(image: Image | None) -> str:
    return (image.alt or image.title or "") if image else ""


def marks(sources: Sequence[Source]) -> dict[str, str]:
    """Return the mark that each note is shown with, by its number in the post."""
    return {source.number: str(place) for place, source in enumerate(sources, 1)}
