"""A digest and a masthead become an issue's email, once for everybody."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from newsletter.digest.author_text import neutral, neutral_tokens
from newsletter.digest.markdown import parse
from newsletter.digest.model import Digest
from newsletter.findings import Finding
from newsletter.message import Masthead, RenderedEmail, slot
from newsletter.render.blocks import Blocks
from newsletter.render.html import AuthorHTML
from newsletter.render.linkbook import LinkBook
from newsletter.render.page import page
from newsletter.render.pictures.album import Album
from newsletter.render.pictures.ground import Grounds
from newsletter.render.preheader import preheader, words
from newsletter.render.stories import StoryDesk, StoryView, marks, source_line
from newsletter.render.templates import fill, looks
from newsletter.render.text import write_text
from newsletter.render.words import day, headline, joined, minutes

# A contents list over fewer stories is longer than scrolling.
FEWEST_LISTED = 3
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
# An intro of so many blocks is set as one large opening; a longer one is running text.
LEDE = 3
RIGHT_TO_LEFT = ("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi")


@dataclass(frozen=True, slots=True)
class Rendering:
    """An issue's email, and what was found while it was made."""

    email: RenderedEmail
    findings: tuple[Finding, ...]


def render_issue(digest: Digest, masthead: Masthead, *, images: str = "service") -> Rendering:
    """Return the email of a digest, with slots for every address.

    `images`: `service` puts the pictures into `assets`, `embed` too, for each mail to carry;
    `site` leaves those at the site whose address there is known. Raises RenderError for a
    template's defect.
    """
    language = digest.language if _LANGUAGE.fullmatch(digest.language) else masthead.language
    is_leftward = language.lower().split("-")[0] in RIGHT_TO_LEFT
    design = looks(masthead.accent, "rtl" if is_leftward else "ltr")
    measure = design.tokens["measure"]
    subject = neutral(" ".join(str(digest.options.get("subject") or digest.title).split()))
    opener = neutral(preheader(digest, subject))
    grounds = Grounds(design.tokens["light"]["paper"], design.tokens["dark"]["paper"])
    album = Album(digest.path, served_by=images, grounds=grounds)
    book, blocks = LinkBook(), Blocks()
    author = AuthorHTML(digest, book, album, box=measure["content"])
    opening = _opening(digest, masthead, author)
    desk = StoryDesk(
        author,
        album,
        content=measure["content"],
        thumb=measure["thumb"],
        beside=measure["text"],
    )
    stories = [desk.view(number, story) for number, story in enumerate(digest.stories, 1)]
    numbered = len(stories) >= FEWEST_LISTED
    left_over = [
        source_line(author, source, None, str(place))
        for place, source in enumerate(digest.sources, 1)
    ]
    html = page(
        "digest.mjml",
        design,
        blocks,
        preheader=opener,
        title=subject,
        language=language,
        masthead_block=blocks.hold(
            fill("_partials/masthead.html", masthead=masthead, online=slot("archive"))
        ),
        opening_block=blocks.hold(opening),
        contents_block=blocks.hold(fill("_partials/contents.html", stories=stories))
        if numbered
        else "",
        stories=[_placed(view, blocks, numbered=numbered) for view in stories],
        sources_block=blocks.hold(fill("_partials/sources.html", sources=left_over))
        if left_over
        else "",
        footer_block=blocks.hold(_footer(masthead)),
    )
    text = write_text(digest, masthead, book, images=album.addresses)
    email = RenderedEmail(
        sender=masthead.sender,
        subject=subject,
        html=album.settle(html),
        text=text,
        preheader=opener,
        reply_to=masthead.reply_to,
        links=book.links,
        assets=album.assets,
    )
    return Rendering(email, album.findings)


def _opening(digest: Digest, masthead: Masthead, author: AuthorHTML) -> str:
    # A note may come from a flag, past the reader that makes an author's words neutral.
    note, _ = parse(str(digest.options.get("note") or "").strip())
    neutral_tokens(note)
    kicker = next(iter((*digest.tags, *digest.categories)), "")
    return fill(
        "_partials/opening.html",
        kicker=kicker,
        title=headline(digest.title),
        byline=_byline(digest, masthead),
        note=Markup(author.blocks(note)),  # noqa: S704 (sanitised)
        short=len([1 for token in digest.intro if token.level == 0 and token.nesting >= 0]) <= LEDE,
        intro=Markup(author.blocks(digest.intro, notes=marks(digest.sources))),  # noqa: S704
    )


def _byline(digest: Digest, masthead: Masthead) -> str:
    everything = [digest.intro, *(story.blocks for story in digest.stories)]
    minutes_long = minutes(" ".join(words(tokens) for tokens in everything))
    parts = [
        f"By {joined(digest.authors)}" if digest.authors else "",
        day(digest.date, language=masthead.language, time_zone=masthead.time_zone)
        if digest.date
        else "",
        f"{minutes_long}\u00a0min\u00a0read",
    ]
    return " \u00b7 ".join(part for part in parts if part)


def _placed(view: StoryView, blocks: Blocks, *, numbered: bool) -> dict[str, Any]:
    return {
        "words": blocks.hold(fill("_partials/story.html", story=view, numbered=numbered)),
        "picture": blocks.hold(view.picture) if view.picture else "",
        "thumb": blocks.hold(view.thumb) if view.thumb else "",
        "again": view.again,
    }


def _footer(masthead: Masthead) -> str:
    return fill(
        "_partials/footer.html",
        masthead=masthead,
        host=urlsplit(masthead.site_url).hostname or "",
        postal=address_lines(masthead),
    )


def address_lines(masthead: Masthead) -> Markup:
    """Return the postal address as HTML, a line each."""
    lines = (line.strip() for line in masthead.postal_address.splitlines())
    return Markup("<br>").join(line for line in lines if line)
