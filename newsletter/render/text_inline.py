"""Inline tokens as plain words, with `*strong*`, `_emphasis_` and `[n]` for links."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from newsletter.digest.author_text import neutral
from newsletter.digest.raw_html import ATTRIBUTE, TAG
from newsletter.render.references import References

MARKS = {"strong": "*", "em": "_", "s": "~~"}
# Holds a mark to its words where a line might break between any two letters.
JOINER = "\u2060"
# Of an address that is its own label, as much as a sentence can bear.
LONGEST_ADDRESS = 40
SCHEME = re.compile(r"^(?:https?://(?:www\.)?|mailto:|tel:)", re.IGNORECASE)
SILENT = ("script", "style", "title")


class InlineWriter:
    """Writes the inline tokens of one text."""

    def __init__(self, references: References) -> None:
        self._references = references

    def words(self, inline: Token) -> str:
        """Return an inline token as words; a newline in them is a hard break."""
        return neutral(self._written(inline.children or ()).strip(" \n"))

    def _written(self, children: Sequence[Token]) -> str:
        parts: list[str] = []
        # Where each open link began in `parts`, and where it leads.
        links: list[tuple[int, str]] = []
        silent = ""
        for child in children:
            if child.type == "html_inline":
                silent = self._tag(child.content, parts, links, silent)
            elif silent:
                continue
            elif child.type == "link_open":
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
            return picture(child.content or str(child.attrs.get("title") or ""))
        if child.type == "footnote_ref":
            mark = self._references.note(str(child.meta.get("label", "")))
            return f"\u00a0{mark}" if mark else ""
        mark = MARKS.get(child.tag, "")
        return mark and (mark + JOINER if child.nesting > 0 else JOINER + mark)

    def _tag(self, tag: str, parts: list[str], links: list[tuple[int, str]], silent: str) -> str:
        """Heed a tag of raw HTML; return the tag that is silent now, empty for none."""
        found = TAG.match(tag)
        if not found:
            return silent
        name, closing = found[2].lower(), bool(found[1])
        if silent or name in SILENT:
            return "" if closing and name == silent else silent or ("" if closing else name)
        if name == "br":
            parts.append("\n")
        elif name == "sup" and not closing:
            parts.append("^")
        elif name == "a" and closing and links:
            self._close(parts, links)
        elif name == "a" and not closing:
            links.append((len(parts), _href(found[3])))
        return ""

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


def picture(words: str) -> str:
    """Return how a picture is named in a text; nothing for one without words."""
    words = " ".join(words.split())
    return f"[Picture: {words}]" if words else ""


def _href(attributes: str) -> str:
    for found in ATTRIBUTE.finditer(attributes):
        if found[1].lower() == "href":
            return found[2] or found[3] or found[4] or ""
    return ""


def _shortened(bare: str) -> str:
    if len(bare) <= LONGEST_ADDRESS:
        return bare.rstrip("/")
    host = bare.partition("/")[0]
    return f"{host}/…" if len(host) <= LONGEST_ADDRESS else f"{host[:LONGEST_ADDRESS]}…"
