"""What the author of a digest wrote, piece by piece, each with its line in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it.token import Token

from newsletter.digest.model import Digest
from newsletter.digest.phrases import spoken

# Stands in a run of words where code was: nothing in code is a tag, a merge field or a link.
CODE = "\ufffc"
BREAKS = ("softbreak", "hardbreak")
VERBATIM = ("code", "kbd", "samp", "tt")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, an address or a picture's `src`, and the line (from 1) where it begins.

    `path` is the file where that is not the post.
    """

    text: str
    line: int | None
    path: Path | None = None


@dataclass(slots=True)
class Written:
    """The pieces of one digest, each kind in the order of the file; notes are not among them."""

    words: list[Piece] = field(default_factory=list)
    links: list[Piece] = field(default_factory=list)
    pictures: list[Piece] = field(default_factory=list)


def read_written(digest: Digest) -> Written:
    """Return what was written in the intro and the stories, lead pictures included."""
    written = Written()
    _read(digest.intro, written)
    for story in digest.stories:
        _read((story.title,), written)
        if story.image is not None:
            written.pictures.append(Piece(story.image.src, story.image.line))
        _read(story.blocks, written)
    return written


def _read(tokens: Sequence[Token], written: Written) -> None:
    line: int | None = None
    for token in tokens:
        # The cells of a table have no place of their own; their row has.
        line = token.map[0] + 1 if token.map else line
        if token.children:
            _inline(token.children, line, written)


def _inline(children: Sequence[Token], line: int | None, written: Written) -> None:
    verbatim = 0
    run: list[str] = []
    for child, here in _placed(children, line):
        if child.type == "link_open":
            written.links.append(Piece(str(child.attrs.get("href", "")), here))
        elif child.type == "image":
            written.pictures.append(Piece(str(child.attrs.get("src", "")), here))
            run.append(spoken(child.content))
        elif child.tag in VERBATIM and child.nesting:
            verbatim += child.nesting
        elif child.type == "text" and not verbatim:
            run.append(spoken(child.content))
        elif child.type in BREAKS:
            run.append("\n")
        elif child.content:
            run.append(CODE)
    if run:
        written.words.append(Piece("".join(run), line))


def _placed(children: Sequence[Token], line: int | None) -> Iterator[tuple[Token, int | None]]:
    for child in children:
        yield child, line
        if child.type in BREAKS and line is not None:
            line += 1
