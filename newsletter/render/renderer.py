"""A digest and a masthead become an issue's email, once for everybody."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from markdown_it.token import Token
from markupsafe import Markup

from newsletter.digest.author_text import neutral, neutral_tokens
from newsletter.digest.markdown import parse
from newsletter.digest.model import Digest
from newsletter.findings import Finding
from newsletter.message import Masthead, RenderedEmail
from newsletter.render.blocks import Blocks
from newsletter.render.design import looks
from newsletter.render.fit import INTRO, WHOLE, Shares, first_part
from newsletter.render.html import AuthorHTML
from newsletter.render.layout import LETTER, Layout, choose
from newsletter.render.linkbook import LinkBook
from newsletter.render.merging import MergeFields, switched_on
from newsletter.render.page import page
from newsletter.render.pictures.album import Album
from newsletter.render.pictures.ground import Grounds
from newsletter.render.preheader import preheader, words
from newsletter.render.script import language_by_letters
from newsletter.render.stories import StoryDesk, StoryView, marks
from newsletter.render.templates import template_set
from newsletter.render.text import reason, write_text
from newsletter.render.wording import worded, worded_tokens
from newsletter.render.words import minutes
from newsletter.slots import slot

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
# An intro of so many blocks is set as one large opening; a longer one is running text.
LEDE = 3


@dataclass(frozen=True, slots=True)
class Rendering:
    """An issue's email, and what was found while it was made.

    `weights` are about the bytes of HTML that each story would save if it were read online;
    the first one is that of what stands before the stories.
    """

    email: RenderedEmail
    findings: tuple[Finding, ...]
    weights: tuple[int, ...] = ()


def render_issue(
    digest: Digest,
    masthead: Masthead,
    *,
    images: str = "service",
    templates: Path | None = None,
    shares: Shares = WHOLE,
) -> Rendering:
    """Return the email of a digest, with slots for every address.

    `images`: `service` puts the pictures into `assets`, `embed` too, for each mail to carry;
    `site` leaves those at the site whose address there is known. `templates` is a project's own
    folder, whose files stand for ours. Of a story in `shares` the HTML shows title and picture,
    that much of its beginning, and a link to the post; the text shows all. Raises RenderError for
    a template's defect.
    """
    language = _language(digest) or masthead.language
    own = template_set(templates)
    said = own.words(language)
    name, findings = choose(digest, masthead)
    design = looks(masthead.accent, said.direction, own, bare=name == LETTER)
    layout = Layout(name, len(digest.stories), design, said, own)
    fields = MergeFields(on=switched_on(digest, masthead))
    ready = fields.digest(worded(digest, said))
    return _Issue(ready, masthead, layout, fields, images, shares).rendering(findings)


def _language(digest: Digest) -> str:
    """Return the language that the post names, or that its letters tell."""
    if _LANGUAGE.fullmatch(digest.language):
        return digest.language
    opening = [digest.intro, *(story.blocks for story in digest.stories[:1])]
    return language_by_letters(" ".join((digest.title, *map(words, opening))))


class _Issue:
    """One issue on its way; pieces are made in the order of the page, as links are numbered."""

    def __init__(
        self,
        digest: Digest,
        masthead: Masthead,
        layout: Layout,
        fields: MergeFields,
        images: str,
        shares: Shares,
    ) -> None:
        light, dark = (layout.design.tokens[scheme]["paper"] for scheme in ("light", "dark"))
        self._digest = digest
        self._masthead = masthead
        self._layout = layout
        self._fields = fields
        self._shares = shares
        self._weights: list[int] = []
        self._book = LinkBook()
        self._album = Album(digest.path, served_by=images, grounds=Grounds(light, dark))
        self._author = AuthorHTML(digest, self._book, self._album, box=layout.content)
        self._desk = StoryDesk(self._author, self._album, layout)
        self._blocks = Blocks()

    def rendering(self, findings: tuple[Finding, ...]) -> Rendering:
        """Return the email, and what was found."""
        digest, masthead, layout = self._digest, self._masthead, self._layout
        subject = neutral(" ".join(str(digest.options.get("subject") or digest.title).split()))
        opener = neutral(preheader(digest, subject))
        html = self._html(subject, opener)
        text = write_text(
            digest,
            masthead,
            self._book,
            layout.words,
            numbered=layout.numbered,
            fields=self._fields,
        )
        email = RenderedEmail(
            sender=masthead.sender,
            subject=subject,
            html=self._album.settle(html),
            text=text,
            preheader=opener,
            reply_to=masthead.reply_to,
            links=self._book.links,
            assets=self._album.assets,
        )
        email = self._fields.email(email)
        return Rendering(email, (*findings, *self._album.findings), tuple(self._weights))

    def _html(self, subject: str, opener: str) -> str:
        opening = self._opening()
        stories = [
            self._desk.view(at, one, online=self._online(at, one.anchor), share=self._share(at))
            for at, one in enumerate(self._digest.stories, 1)
        ]
        # Styles and real addresses make about three bytes of two.
        bodies = (self._intro, *(one.body for one in stories))
        self._weights = [len(one.encode()) * 3 // 2 for one in bodies]
        left_over = [
            self._desk.source(source, None, str(place))
            for place, source in enumerate(self._digest.sources, 1)
        ]
        contents = self._held("_partials/contents.html", stories=stories)
        sources = self._held("_partials/sources.html", sources=left_over)
        return page(
            f"{self._layout.name}.mjml",
            self._layout,
            self._blocks,
            title=subject,
            preheader=opener,
            masthead_block=self._held(
                "_partials/masthead.html", masthead=self._masthead, online=slot("archive")
            ),
            opening_block=self._blocks.hold(opening),
            contents_block=contents if self._layout.numbered else "",
            stories=[self._placed(view) for view in stories],
            sources_block=sources if left_over else "",
            footer_block=self._held(
                "_partials/footer.html",
                masthead=self._masthead,
                reason=reason(self._masthead, self._layout.words),
                postal=address_lines(self._masthead),
            ),
        )

    def _opening(self) -> Markup:
        digest, author = self._digest, self._author
        # A note may come from a flag, past the reader that makes an author's words neutral.
        note, _ = parse(
            str(digest.options.get("note") or "").strip(), language=self._layout.words.language
        )
        neutral_tokens(note)
        note = list(self._fields.tokens(worded_tokens(note, self._layout.words)))
        return self._layout.fill(
            "_partials/opening.html",
            kicker=next(iter((*digest.tags, *digest.categories)), ""),
            title=self._layout.words.headline(digest.title),
            subtitle=digest.subtitle,
            byline=self._byline(),
            note=Markup(author.blocks(note)),  # noqa: S704 (sanitised)
            short=_is_short(digest) and self._layout.leads,
            intro=self._intro,
        )

    @cached_property
    def _intro(self) -> Markup:
        """What stands before the stories; all of a post without any."""
        online = self._online(INTRO, "")
        blocks: Sequence[Token] = self._digest.intro
        if online:
            blocks = first_part(blocks, self._share(INTRO))
        intro = Markup(self._author.blocks(blocks, notes=marks(self._digest.sources)))  # noqa: S704
        if online:
            href = self._author.link(online, self._digest.title, None)
            intro += self._layout.fill("_partials/online.html", href=href)
        return intro

    def _byline(self) -> str:
        digest, said = self._digest, self._layout.words
        everything = [digest.intro, *(story.blocks for story in digest.stories)]
        minutes_long = minutes(" ".join(words(tokens) for tokens in everything))
        zone = self._masthead.time_zone
        return said.dotted(
            [
                said.say("names.by", names=said.names(digest.authors)) if digest.authors else "",
                said.day(digest.date, time_zone=zone) if digest.date else "",
                said.say("issue.minutes", minutes=minutes_long),
            ]
        )

    def _online(self, number: int, anchor: str) -> str:
        if number not in self._shares or self._digest.url is None:
            return ""
        return f"{self._digest.url}#{anchor}" if anchor else self._digest.url

    def _share(self, number: int) -> float:
        return self._shares.get(number, 1)

    def _placed(self, view: StoryView) -> dict[str, Any]:
        return {
            "words": self._held("_partials/story.html", story=view),
            "picture": self._blocks.hold(view.picture) if view.picture else "",
        }

    def _held(self, template: str, **values: Any) -> Markup:
        return self._blocks.hold(self._layout.fill(template, **values))


def _is_short(digest: Digest) -> bool:
    blocks = [one for one in digest.intro if one.level == 0 and one.nesting >= 0]
    return bool(digest.stories) and len(blocks) <= LEDE


def address_lines(masthead: Masthead) -> Markup:
    """Return the postal address as HTML, a line each."""
    lines = (line.strip() for line in masthead.postal_address.splitlines())
    return Markup("<br>").join(line for line in lines if line)
