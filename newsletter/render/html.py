"""Authors' words as HTML that is safe to mail.

markdown-it tokens → HTML → nh3's allow-list (RULES S-14). Every link goes through the LinkBook,
every picture through the Album; whatever else has an address loses it.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urljoin, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.digest.author_text import neutral
from newsletter.digest.containers import KINDS
from newsletter.digest.model import Digest, Image, said
from newsletter.render.code import CLASSES
from newsletter.render.linkbook import LinkBook
from newsletter.render.outline import headed, outlined
from newsletter.render.pictures.album import Album
from newsletter.render.writer import Writer

# fmt: off
TAGS = {
    "a", "abbr", "aside", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del",
    "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p",
    "pre", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul",
    "var",
}
# fmt: on
ATTRIBUTES = {
    "a": {"href"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"style", "colspan", "rowspan"},
    "th": {"style", "colspan", "rowspan", "scope"},
}
# A box of ours; Word, which draws Outlook's mails, heeds padding in table cells only.
BOXES = {kind: f"box {kind}" for kind in (*dict.fromkeys(KINDS.values()), "details", "aside")}
PARAGRAPHS = {"box-title", "file", "maths"}
SCHEMES = {"http", "https", "mailto", "tel"}
OURS = "slot.invalid"
_OPTIONS = MarkdownIt().options
_TAG = re.compile(r"(<[^>]*>)")
_ADDRESS = re.compile(r'( (?:href|src)="[^"]*")')
_BARE_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_ASIDE = re.compile(r'<aside(?: class="(\w+)")?>')


class AuthorHTML:
    """Writes the tokens of one digest; fills the book and the album as it goes."""

    def __init__(self, digest: Digest, book: LinkBook, album: Album, *, box: int) -> None:
        """Take `box`: the width in CSS pixels that a picture may have."""
        self._digest = digest
        self._book = book
        self._album = album
        self._box = box
        self._anchors = {story.anchor for story in digest.stories if story.anchor}

    def blocks(
        self,
        tokens: Sequence[Token],
        *,
        story: int | None = None,
        box: int | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> str:
        """Return block tokens as HTML; `notes` maps the labels of footnotes to the marks shown."""
        writer = Writer(self.picture, box or self._box, notes or {})
        html = writer.render(_without_notes(tokens), _OPTIONS, {})
        return self._clean(html, writer, story)

    def inline(self, token: Token, *, story: int | None = None) -> str:
        """Return an inline token, such as a title, as HTML without a paragraph around it."""
        writer = Writer(self.picture, self._box, {})
        html = writer.renderInline(token.children or (), _OPTIONS, {})
        return self._clean(html, writer, story)

    def link(self, url: str | None, label: str, story: int | None) -> str:
        """Return the slot of an author's link, or nothing when it leads nowhere from a mail."""
        target = self.target(url or "")
        return self._book.slot(target, label, story) if target else ""

    def target(self, url: str) -> str:
        """Return the address an author's link leads to: absolute, a story's anchor, or nothing."""
        if url.startswith("#") and url[1:] in self._anchors:
            return url
        url = re.sub(r"[\x00-\x20\ue000\ue001]", "", url)
        try:
            parts = urlsplit(urljoin(self._digest.url or "", url))
            known = parts.scheme in SCHEMES and (parts.hostname or "") != OURS
            web = parts.scheme in ("http", "https")
        except ValueError:
            return ""
        return parts.geturl() if known and (parts.hostname or not web) else ""

    def picture(self, src: str, alt: str, title: str, box: int, name: str = "") -> str:
        """Return an `img` for a picture inside the text; its words where it cannot be shown.

        `name` is what the link around it is called, where no words say it.
        """
        image = self._digest.images.get(src) or Image(src)
        is_decor = image.alt == ""
        words = "" if is_decor else said(alt or image.alt or "", title) or image.title or ""
        words = name or words
        shown = self._album.show(image, box)
        if shown is None:
            return f"<em>{escape(words)}</em>" if words else ""
        height = f' height="{shown.height}"' if shown.height else ""
        return (
            f'<img src="{escape(shown.src)}" alt="{escape(words)}" width="{shown.width}"{height}>'
        )

    def _clean(self, html: str, writer: Writer, story: int | None) -> str:
        def attribute(tag: str, name: str, value: str) -> str | None:
            if name == "href":
                return self.link(value, writer.labels.get(value, ""), story) or None
            if name == "src":
                return value if value in writer.pictures else None
            return value

        cleaned = nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            attribute_filter=attribute,
            link_rel=None,
            url_schemes=SCHEMES,
            allowed_classes={"span": CLASSES | {"maths"}, "aside": set(BOXES), "p": PARAGRAPHS},
            filter_style_properties={"text-align"},
        )
        cleaned = headed(outlined(_without_forged_slots(cleaned), 2 if story else 1))
        # Our own tables lay out; these hold data and look like it.
        scroll = f'<div class="scroll" style="max-width:{writer.box}px"><table class="data">'
        cleaned = cleaned.replace("<table>", scroll)
        cleaned = cleaned.replace("</table>", "</table></div>")
        cleaned = _ASIDE.sub(_cell, cleaned).replace("</aside>", "</td></tr></tbody></table>")
        return _BARE_LINK.sub(r"\1", cleaned).strip()


def _cell(match: re.Match[str]) -> str:
    box = BOXES[match[1] or "aside"]
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" class="boxed">'
        f'<tbody><tr><td class="{box}">'
    )


def _without_forged_slots(cleaned: str) -> str:
    """Return cleaned HTML in which only the addresses we set ourselves can be slots.

    Tags that nh3 drops may have parted a word, which their going puts together.
    """
    pieces = _TAG.split(cleaned)
    pieces[::2] = (neutral(text) for text in pieces[::2])
    for at in range(1, len(pieces), 2):
        parts = _ADDRESS.split(pieces[at])
        parts[::2] = (neutral(part) for part in parts[::2])
        pieces[at] = "".join(parts)
    return "".join(pieces)


def _without_notes(tokens: Sequence[Token]) -> list[Token]:
    """Leave out the definitions of footnotes: sources are written under their stories."""
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        if token.type.startswith("footnote"):
            depth += token.nesting
        elif depth == 0:
            kept.append(token)
    return kept
