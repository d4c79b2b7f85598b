"""Tokens as HTML: markdown-it's own writer, with our pictures, code, boxes, notes and links."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from html.parser import HTMLParser
from itertools import takewhile
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from newsletter.digest.pictures import said_of
from newsletter.render.code import coloured
from newsletter.render.link_names import name_of_link

# Writes an `img` for a picture's address, description and title, a width, and a link's name.
Picture = Callable[[str, str, str, int, str], str]


class Writer(RendererHTML):
    """markdown-it's renderer with our own pictures, code, notes and links."""

    def __init__(self, picture: Picture, box: int, notes: Mapping[str, str]) -> None:
        # The library's own __init__ looks for them anew in every writer, and there is one a story.
        self.rules = {name: getattr(self, name) for name in _rules()}
        self._shown = picture
        self.box = box
        self._notes = notes
        # What was met on the way: the words of each link, and the addresses of our pictures.
        self.labels: dict[str, str] = {}
        self.pictures: set[str] = set()
        self._name = ""

    def renderToken(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """Write a token that has no rule; one without a tag is shown as its text."""
        token = tokens[idx]
        if not token.tag:
            return escape(token.content)
        return super().renderToken(tokens, idx, options, env)

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """Remember the link's words before writing it."""
        words: list[str] = []
        for token in tokens[idx + 1 :]:
            if token.type == "link_close":
                break
            told = said_of(token) or "" if token.type == "image" else token.content
            words.append(" " if token.type == "softbreak" else told)
        label = " ".join("".join(words).split())
        self._name = name_of_link(tokens, idx) if not label else ""
        self.labels.setdefault(str(tokens[idx].attrGet("href") or ""), label or self._name)
        opened = self.renderToken(tokens, idx, options, env)
        return opened if self._has_picture(tokens, idx) else opened + escape(self._name)

    @staticmethod
    def _has_picture(tokens: Sequence[Token], idx: int) -> bool:
        inside = takewhile(lambda one: one.type != "link_close", tokens[idx:])
        return any(one.type == "image" for one in inside)

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """End a link; what comes is named by its own words."""
        self._name = ""
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """Write a picture through the album."""
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children, options, env) if token.children else ""
        title = str(token.attrGet("title") or "")
        # Of several pictures in a link without words the first one says where it leads.
        name, self._name = self._name, ""
        return self._picture(str(token.attrGet("src") or ""), alt, title, name)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """Write code in colours, where the language is told."""
        token = tokens[idx]
        title = str(token.meta.get("title", ""))
        named = f'<p class="file">{escape(title)}</p>' if title else ""
        return f"{named}<pre><code>{coloured(token.content, token.info)}</code></pre>\n"

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any) -> str:
        """Write indented code."""
        return f"<pre><code>{escape(tokens[idx].content, quote=False)}</code></pre>\n"

    def container_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        """Open a box."""
        kind = tokens[idx].info
        return "<figure>" if kind == "figure" else f'<aside class="{kind}">'

    def container_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        """Close a box."""
        return "</figure>\n" if tokens[idx].info == "figure" else "</aside>\n"

    def container_title_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        """Open a box's title."""
        return '<p class="box-title"><strong>'

    def container_title_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        """Close a box's title."""
        return "</strong></p>\n"

    def container_caption_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        """Open the caption of a figure."""
        return "<figcaption>"

    def container_caption_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        """Close the caption of a figure."""
        return "</figcaption>"

    def footnote_ref(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Any
    ) -> str:
        """Write the mark of a note where the story lists several."""
        mark = self._notes.get(str(tokens[idx].meta.get("label", "")))
        return f"<sup>{escape(mark)}</sup>" if mark else ""

    def _picture(self, src: str, alt: str, title: str, name: str) -> str:
        html = self._shown(src, alt, title, self.box, name)
        reader = _Attributes()
        reader.feed(html)
        self.pictures.add(reader.found.get("src", ""))
        return html


class _Attributes(HTMLParser):
    """Reads the attributes of one tag as a browser would."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the attributes of the tag."""
        self.found = {name: value or "" for name, value in attrs}


@cache
def _rules() -> Sequence[str]:
    """Return the kinds of tokens that a writer has a rule for, found as markdown-it finds them."""
    public = (name for name in dir(Writer) if not name.startswith(("render", "_")))
    return [name for name in public if callable(getattr(Writer, name))]
