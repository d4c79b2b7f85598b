"""Reads a post into a Digest: one parse, everything a renderer needs, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markdown_it.token import Token

from newsletter.digest.addresses import Addresses
from newsletter.digest.author_text import neutral_tokens
from newsletter.digest.captions import captioned, lone_picture
from newsletter.digest.dialects.dialect import Dialect, Lifted, Page
from newsletter.digest.dialects.generic import lift_rest
from newsletter.digest.dialects.lines import composed
from newsletter.digest.dialects.recognition import recognise
from newsletter.digest.enclosure import refuse_link_out
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.inline_words import plain
from newsletter.digest.links import absolute_links
from newsletter.digest.markdown import Flavour, TooLong, parse
from newsletter.digest.metadata import Metadata, read_metadata
from newsletter.digest.model import Digest, Image, Story
from newsletter.digest.notes import Note, referred, take_notes, without_marks
from newsletter.digest.pictures import Pictures, said_of
from newsletter.digest.post_file import find_post, read_text
from newsletter.digest.raw_html import Tag
from newsletter.digest.raw_html import findings as findings_in_html
from newsletter.digest.references import without_undefined
from newsletter.digest.sources import assign
from newsletter.digest.structure import (
    Section,
    anchors,
    cut,
    first_heading,
    is_list_of_notes,
    without_title,
)
from newsletter.errors import PostError
from newsletter.findings import Finding


@dataclass(slots=True)
class _Body:
    """The Markdown of a post as tokens; line N of their maps (from 0) is line N + 1 of the file."""

    blocks: list[Token]
    notes: list[Note]
    html: tuple[Tag, ...]
    findings: tuple[Finding, ...]


def read_post(path: Path, *, site_url: str = "", dialect: str = "") -> Digest:
    """Read a post's file, or a folder's index.md.

    `site_url` beats the base address in the site's configuration; `dialect` names the generator
    where it cannot be told. Nothing is written anywhere.
    Raises PostError with file, line and mend for whatever cannot be read as a post.
    """
    file = find_post(path)
    refuse_link_out(file)
    text = read_text(file)
    found = recognise(file, text, dialect)
    site = found.dialect.site(found.root, site_url)
    matter = site.complete(found.dialect.split(text, file), file)
    metadata = read_metadata(matter, file)
    url = site.url(file, metadata)
    addresses = Addresses(file, site, url)
    lifted = _lift(found.dialect, Page(matter, metadata, addresses))
    body = _read_body(lifted, found.dialect.flavour, metadata.language, file)
    title = metadata.title or _title_from(body.blocks, file, matter)
    pictures = Pictures(addresses)
    cover = _cover(metadata, matter, pictures)
    intro, sections = cut(without_title(body.blocks, title))
    if sections and body.notes and is_list_of_notes(sections[-1]):
        sections.pop()
    names = anchors(sections)
    inlines = [one for note in body.notes for one in note.inlines]
    links = absolute_links([*body.blocks, *inlines], addresses, pictures, frozenset(names))
    stories = [_story(one, name, pictures) for one, name in zip(sections, names, strict=True)]
    given = assign(stories, [_marks(one) for one in sections], body.notes, referred(intro), file)
    findings = (
        *site.findings,
        *metadata.findings,
        *_of_address(addresses, lifted),
        *lifted.findings,
        *body.findings,
        *given.findings,
        *pictures.findings,
        *links,
    )
    return Digest(
        path=file,
        title=title,
        subtitle=metadata.subtitle,
        description=metadata.description,
        authors=metadata.authors,
        date=metadata.date,
        publishes=metadata.publishes,
        expires=metadata.expires,
        slug=metadata.slug,
        language=metadata.language,
        tags=metadata.tags,
        categories=metadata.categories,
        draft=metadata.draft,
        cover=cover,
        url=url,
        intro=(*_shown_cover(cover, body.blocks), *captioned(intro)),
        stories=given.stories,
        sources=given.rest,
        images=pictures.images,
        options=metadata.options,
        findings=findings,
        html=body.html,
    )


def _of_address(addresses: Addresses, lifted: Lifted) -> tuple[Finding, ...]:
    """Return what there is to say of the post's address, unless its dialect has told more."""
    is_told = any(one.code in ("site-unread", "not-published") for one in lifted.findings)
    return () if is_told else addresses.findings()


def _lift(dialect: Dialect, page: Page) -> Lifted:
    known = dialect.lift(page.matter.body, page)
    return composed(known, lift_rest(known.text, page))


def _read_body(lifted: Lifted, flavour: Flavour, language: str, file: Path) -> _Body:
    try:
        tokens, env = parse(lifted.text, flavour, language)
    except TooLong as error:
        raise PostError(
            f"has {error}",
            "part its paragraphs by empty lines; what is no text belongs in a file of its own",
            path=file,
            line=lifted.line(error.line),
        ) from error
    except RecursionError as error:
        raise PostError(
            "is nested too deeply to be read", "write it more plainly", path=file
        ) from error
    for token in tokens:
        if token.map and lifted.lines:
            first, end = token.map
            token.map = [lifted.line(first + 1) - 1, lifted.line(max(first + 1, end))]
    undefined = without_undefined(tokens, file)
    blocks, notes = take_notes(tokens, env)
    neutral_tokens(blocks)
    for note in notes:
        neutral_tokens(note.inlines)
    return _Body(
        blocks,
        notes,
        tuple(replace(tag, line=lifted.line(tag.line + 1)) for tag in env["tags"]),
        (*undefined, *findings_in_html(env["left_out"], file, lifted.line)),
    )


def _title_from(blocks: Sequence[Token], file: Path, matter: FrontMatter) -> str:
    heading = first_heading(blocks)
    title = plain(heading) if heading else ""
    if title:
        return title
    raise PostError(
        "the post has no title",
        "write `title: …` in its front matter" if matter.lines else "begin it with `# Title`",
        path=file,
        line=1,
    )


def _cover(metadata: Metadata, matter: FrontMatter, pictures: Pictures) -> Image | None:
    if not metadata.cover:
        return None
    line = next(
        (number for number, one in enumerate(matter.lines, 1) if metadata.cover in one), None
    )
    return pictures.add(metadata.cover, alt=metadata.cover_alt, line=line)


def _shown_cover(cover: Image | None, blocks: Sequence[Token]) -> list[Token]:
    """Return the cover as a paragraph of its own, where the post shows no other picture."""
    if cover is None or not (cover.path or cover.url):
        return []
    if any(child.type == "image" for token in blocks for child in token.children or ()):
        return []
    picture = Token("image", "img", 0, {"src": cover.src, "alt": ""}, content=cover.alt or "")
    picture.children = [Token("text", "", 0, content=cover.alt)] if cover.alt else []
    inline = Token("inline", "", 0, children=[picture], level=1, block=True)
    opening = Token("paragraph_open", "p", 1, block=True)
    return [opening, inline, Token("paragraph_close", "p", -1, block=True)]


def _marks(section: Section) -> list[str]:
    title = [section.title] if section.title else []
    return referred([*title, *section.blocks])


def _story(section: Section, anchor: str, pictures: Pictures) -> Story:
    title = section.title or Token("inline", "", 0, children=[])
    blocks, image = _lead(section.blocks, pictures)
    bare = Token("inline", "", 0, map=title.map, content=title.content, level=title.level)
    bare.children = without_marks(title)
    return Story(bare, tuple(captioned(blocks)), image, anchor=anchor, line=section.line)


def _lead(blocks: list[Token], pictures: Pictures) -> tuple[list[Token], Image | None]:
    """Take out the first picture that stands alone in a paragraph, above any smaller heading."""
    for index, token in enumerate(blocks):
        if token.type == "heading_open":
            break
        if token.type != "paragraph_open" or token.level != 0:
            continue
        inline = blocks[index + 1]
        picture = lone_picture(inline)
        if picture:
            image = _image(picture, inline, pictures)
            return blocks[:index] + blocks[index + 3 :], image
    return blocks, None


def _image(token: Token, inline: Token, pictures: Pictures) -> Image:
    title = token.attrs.get("title")
    line = inline.map[0] + 1 if inline.map else None
    return pictures.add(
        str(token.attrs["src"]),
        alt=said_of(token),
        title=str(title).strip() if title else None,
        line=line,
    )
