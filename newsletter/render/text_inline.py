"""Inline tokens as plain words, with `*strong*`, `_emphasis_` and `[n]` for links."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from newsletter.digest import scripts
from newsletter.digest.author_text import neutral
from newsletter.digest.model import said
from newsletter.digest.pictures import said_of
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
    )
}
WRITTEN_AT_THEIR_END = ("a", "sub", "sup")
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
        # What is open: where it began in `parts`, and the token that opened it.
        open_marks: list[tuple[int, Token]] = []
        for child in children:
            if child.nesting > 0 and child.tag in WRITTEN_AT_THEIR_END:
                open_marks.append((len(parts), child))
            elif child.nesting < 0 and open_marks and open_marks[-1][1].tag == child.tag:
                self._end(parts, *open_marks.pop())
            else:
                written = self._plain(child)
                is_beside = child.type == "image" and parts and parts[-1].endswith("]")
                parts.append(f" {written}" if is_beside and written else written)
        return "".join(parts)

    def _end(self, parts: list[str], start: int, opening: Token) -> None:
        if opening.tag in ("sup", "sub"):
            scripts.close(opening.tag, parts, start)
            return
        words = "".join(parts[start:]).strip()
        parts[start:] = [self.link(words, str(opening.attrs.get("href", "")))]

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
            words = said(said_of(child) or "", str(child.attrs.get("title") or ""))
            return picture(words, self._references.picture)
        if child.type == "footnote_ref":
            mark = self._references.note(str(child.meta.get("label", "")))
            return f"\u00a0{mark}" if mark else ""
        opening, closing = MARKS.get(child.tag, ("", ""))
        return opening if child.nesting > 0 else closing

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
