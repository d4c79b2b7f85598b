"""Inline tokens as plain words, with `*strong*`, `_emphasis_` and `[n]` for links."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from newsletter.digest.author_text import neutral
from newsletter.render.references import References

# Holds a mark to its words where a line might break between any two letters.
JOINER = "\u2060"
MARKS = {
    tag: (opening + JOINER, JOINER + closing)
    for tag, opening, closing in (
        ("strong", "*", "*"),
        ("em", "_", "_"),
        ("s", "~~", "~~"),
        ("del", "~~", "~~"),
        ("code", "`", "`"),
        ("q", "\u201c", "\u201d"),
        ("sup", "^", ""),
    )
}
# Of an address that is its own label, as much as a sentence can bear.
LONGEST_ADDRESS = 40
SCHEME = re.compile(r"^(?:https?://(?:www\.)?|mailto:|tel:)", re.IGNORECASE)


class InlineWriter:
    """Writes the inline tokens of one text."""

    def __init__(self, references: References) -> None:
        self._references = references

    def words(self, inline: Token) -> str:
        """Return an inline token as words; a newline in them is a hard break."""
        return neutral(self._written(inline.children or ()).strip(" \n"))

    def _written(self, children: Sequence[Token]) -> str:
        parts: list[str] = []
        # Where each open link, power or abbreviation began in `parts`, and what it is about.
        links: list[tuple[int, str]] = []
        for child in children:
            if child.type == "link_open":
                links.append((len(parts), str(child.attrs.get("href", ""))))
            elif child.type == "link_close" and links:
                self._close(parts, links)
            else:
                parts.append(self._plain(child))
        return "".join(parts)

    def _plain(self, child: Token) -> str:
        if child.type == "text":
            return child.content
        if child.type == "code_inline":
            return child.content if "`" in child.content else f"`{child.content}`"
        if child.type == "softbreak":
            return " "
        if child.type == "hardbreak":
            return "\n"
        if child.type == "image":
            said = child.content or str(child.attrs.get("title") or "")
            return picture(said, self._references.picture)
        if child.type == "footnote_ref":
            mark = self._references.note(str(child.meta.get("label", "")))
            return f"\u00a0{mark}" if mark else ""
        opening, closing = MARKS.get(child.tag, ("", ""))
        return opening if child.nesting > 0 else closing

    def _close(self, parts: list[str], links: list[tuple[int, str]]) -> None:
        start, url = links.pop()
        label = "".join(parts[start:]).strip()
        parts[start:] = [self.link(label, url)]

    def link(self, label: str, url: str) -> str:
        """Return a link's words and its mark; a mail address or number is written out."""
        bare = SCHEME.sub("", url)
        if not label or SCHEME.sub("", label).rstrip("/") == bare.rstrip("/"):
            label = _shortened(bare)
        mark = self._references.link(url, label)
        if mark:
            return f"{label}\u00a0{mark}"
        address = bare.partition("?")[0]
        if url.startswith(("mailto:", "tel:")) and address not in label:
            return f"{label} <{address}>"
        return label


def picture(words: str, label: str) -> str:
    """Return how a picture is named in a text; nothing for one without words."""
    words = " ".join(words.split())
    return f"[{label}: {words}]" if words else ""


def _shortened(bare: str) -> str:
    if len(bare) <= LONGEST_ADDRESS:
        return bare.rstrip("/")
    host = bare.partition("/")[0]
    return f"{host}/…" if len(host) <= LONGEST_ADDRESS else f"{host[:LONGEST_ADDRESS]}…"
