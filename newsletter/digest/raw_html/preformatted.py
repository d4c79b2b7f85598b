"""What stands between `<pre>` and `</pre>`: code, letter for letter."""

import re

from markdown_it.token import Token

from newsletter.digest.embeds import Embed
from newsletter.digest.raw_html.scanner import Tag, Words

# How highlighters of all kinds name the language: Prism, Pandoc, GitHub.
LANGUAGE = re.compile(
    r"(?:language-|lang-|highlight-source-|sourceCode\s+|brush:\s*)([\w+#-]+)", re.IGNORECASE
)


class Preformatted:
    """One such element, from its opening tag on; `links` are those that its code held."""

    def __init__(self, tag: Tag) -> None:
        self._line = tag.line
        self._language = ""
        self._parts: list[str] = []
        self.links: list[Embed] = []
        self._link: tuple[str, int] | None = None
        self._look_at(tag)

    def words(self, content: str) -> None:
        """Take words as they are."""
        self._parts.append(content)

    def takes(self, piece: Tag | Words) -> bool:
        """Take a tag or words inside; return False for the tag that closes the element."""
        if isinstance(piece, Words):
            self.words(piece.content)
        elif piece.name == "pre":
            return not piece.is_closing
        elif piece.name == "br":
            self.words("\n")
        elif piece.name == "a":
            self._anchor(piece)
        elif not piece.is_closing:
            self._look_at(piece)
        return True

    def block(self) -> Token:
        """Return the code as the token of a fence."""
        lines = [self._line, self._line + 1]
        return Token("fence", "code", 0, content=self._code(), info=self._language, map=lines)

    def in_line(self) -> Token:
        """Return the code as a token within a line."""
        return Token("code_inline", "code", 0, content=" ".join(self._code().split()))

    def _code(self) -> str:
        # A browser drops the line end after the tag.
        return "".join(self._parts).removeprefix("\n").rstrip("\n") + "\n"

    def _look_at(self, tag: Tag) -> None:
        found = LANGUAGE.search(tag.attributes.get("class", ""))
        if found and not self._language:
            self._language = found[1].lower()

    def _anchor(self, tag: Tag) -> None:
        if self._link is not None:
            url, start = self._link
            words = " ".join("".join(self._parts[start:]).split())
            self.links.append(Embed(url, words or url))
            self._link = None
        if not tag.is_closing and not tag.attributes.get("href", "#").startswith("#"):
            self._link = (tag.attributes["href"], len(self._parts))
