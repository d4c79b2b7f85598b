"""Footnotes become sources: each note goes to the story that refers to it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from markdown_it.token import Token

from newsletter.digest.model import Source

URL_LIKE = re.compile(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
# What may stand between two links of one note, and says nothing itself.
JOINT = re.compile(r"^(?:[\s,;·|/\u2013\u2014-]|and\b|&)+|[\s,;·|/\u2013\u2014-]+$")

# After these a new block needs no other sign.
ENDS = ".,:;!?…)\u3002\uff01\uff1f\uff1a"


@dataclass(slots=True)
class Note:
    """A footnote as defined: its label, the inline tokens in it, and its line in the file."""

    label: str
    inlines: list[Token] = field(default_factory=list)
    line: int | None = None

    def sources(self) -> tuple[Source, ...]:
        """Return the note as sources, one for each link in it; at least one if it says anything."""
        linked = tuple(
            Source(self.label, label, url, text, self.line)
            for label, url, text in _pieces(self.inlines)
        )
        text = _joined(words for one in self.inlines if (words := _plain(one.children or ())))
        if linked or not text:
            return linked
        return (Source(self.label, text, None, text, self.line),)


def take_notes(tokens: Sequence[Token], env: dict[str, Any]) -> tuple[list[Token], list[Note]]:
    """Return the tokens without the definitions of notes, and the notes in the file's order.

    A note inside a note counts as its own. Inline notes (`^[…]`) follow, each with a label made
    for it, which their marks then carry in `meta["label"]`.
    """
    kept: list[Token] = []
    notes: list[Note] = []
    within: list[Note] = []
    for token in tokens:
        if token.type == "footnote_reference_open":
            line = token.map[0] + 1 if token.map else None
            within.append(Note(token.meta["label"], line=line))
            notes.append(within[-1])
        elif token.type == "footnote_reference_close":
            within.pop()
        elif not within:
            kept.append(token)
        elif token.type == "inline":
            within[-1].inlines.append(token)
        elif token.type in ("fence", "code_block", "html_block"):
            words = Token("text", "", 0, content=token.content)
            within[-1].inlines.append(Token("inline", "", 0, children=[words]))
    return kept, notes + _inline_notes(kept, env, {note.label for note in notes})


def _inline_notes(tokens: Sequence[Token], env: dict[str, Any], taken: set[str]) -> list[Note]:
    written = env.get("footnotes", {}).get("list", {})
    notes: dict[int, Note] = {}
    number = 0
    for token in tokens:
        for mark in marks(token.children or ()):
            found = written.get(mark.meta["id"], {})
            if "tokens" not in found or "label" in mark.meta:
                continue
            number += 1
            while str(number) in taken:
                number += 1
            mark.meta["label"] = str(number)
            inline = Token("inline", "", 0, children=found["tokens"])
            line = token.map[0] + 1 if token.map else None
            notes[mark.meta["id"]] = Note(str(number), [inline], line)
    return list(notes.values())


def marks(children: Iterable[Token]) -> Iterator[Token]:
    """Yield the marks that refer to notes, also from inside pictures' descriptions."""
    for child in children:
        if child.type == "footnote_ref":
            yield child
        elif child.children:
            yield from marks(child.children)


def referred(tokens: Iterable[Token]) -> list[str]:
    """Return the labels of the notes that these block tokens refer to, each once, in order."""
    labels = (mark.meta.get("label", "") for one in tokens for mark in marks(one.children or ()))
    return list(dict.fromkeys(label for label in labels if label))


def without_marks(inline: Token) -> list[Token]:
    """Return an inline token's children without marks, and without the blank before one."""
    kept: list[Token] = []
    for child in inline.children or ():
        if child.type == "footnote_ref":
            if kept and kept[-1].type == "text":
                kept[-1].content = kept[-1].content.rstrip()
            continue
        kept.append(child)
    return [child for child in kept if child.type != "text" or child.content]


def _pieces(inlines: Iterable[Token]) -> Iterator[tuple[str, str, str]]:
    """Cut a note after each of its links: the link's words, its address, all words up to there.

    What follows the last link stays with it, so that the pieces together are the whole note.
    """
    cuts: list[tuple[str, str, list[Token]]] = []
    words: list[Token] = []
    for inline in inlines:
        href, start = "", 0
        for child in inline.children or ():
            if child.type == "link_open":
                href, start = str(child.attrs.get("href", "")), len(words)
            elif child.type == "link_close" and usable(href):
                label = _label(words[start:], href)
                words[start:] = [Token("text", "", 0, content=label)]
                cuts.append((label, href, words))
                words, href = [], ""
            else:
                words.append(child)
        words.append(Token("softbreak", "", 0))
    if cuts and _plain(words).strip(" .;,)"):
        cuts[-1][2].extend(words)
    for label, href, piece in cuts:
        yield label, href, JOINT.sub("", _plain(piece)) or label


def _label(words: Sequence[Token], href: str) -> str:
    """Return the words of a link; the host where an author wrote only the address."""
    text = _plain(words)
    host = (urlsplit(href).hostname or "").removeprefix("www.")
    return host if not text or URL_LIKE.match(text) else text


def usable(href: str) -> bool:
    """Return whether a source can be named by this address: on the web, and well-formed."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _joined(blocks: Iterable[str]) -> str:
    """Return the words of blocks in one line, parted where the blocks were."""
    text = ""
    for words in blocks:
        if text:
            text += " " if text[-1] in ENDS else "; "
        text += words
    return text


def _plain(children: Iterable[Token]) -> str:
    parts: list[str] = []
    for child in children:
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return " ".join("".join(parts).split())
