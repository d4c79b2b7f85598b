"""What the author of a digest wrote, piece by piece, each with its line in the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it.token import Token

from newsletter.digest.model import Digest

# Stands in a run of words where code was: nothing in code is a tag, a merge field or a link.
CODE = "\ufffc"
BREAKS = ("softbreak", "hardbreak")
VERBATIM = ("code", "kbd", "pre", "samp", "script", "style", "tt")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, an address or a picture's `src`, and the line (from 1) where it begins."""

    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Tag:
    """An opening tag in the author's own HTML; names of tag and attributes are lower-case."""

    name: str
    attributes: Mapping[str, str]
    line: int | None


@dataclass(slots=True)
class Written:
    """The pieces of one digest, each kind in the order of the file; notes are not among them."""

    words: list[Piece] = field(default_factory=list)
    links: list[Piece] = field(default_factory=list)
    pictures: list[Piece] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)


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
        if token.type == "html_block":
            html = _RawHTML(written, line)
            html.read(token.content)
            html.close()
        elif token.children:
            _inline(token.children, line, written)


def _inline(children: Sequence[Token], line: int | None, written: Written) -> None:
    html = _RawHTML(written, line)
    run: list[str] = []
    for child, here in _placed(children, line):
        if child.type == "link_open":
            written.links.append(Piece(str(child.attrs.get("href", "")), here))
        elif child.type == "image":
            written.pictures.append(Piece(str(child.attrs.get("src", "")), here))
            run.append(child.content)
        elif child.type == "html_inline":
            html.read(child.content, here)
        elif child.type == "text" and not html.verbatim:
            run.append(child.content)
        elif child.type in BREAKS:
            run.append("\n")
        elif child.content:
            run.append(CODE)
    html.close()
    if run:
        written.words.append(Piece("".join(run), line))


def _placed(children: Sequence[Token], line: int | None) -> Iterator[tuple[Token, int | None]]:
    for child in children:
        yield child, line
        if child.type in BREAKS and line is not None:
            line += 1


class _RawHTML(HTMLParser):
    """Collects the tags of a piece of HTML, its links and pictures, and the words outside code."""

    def __init__(self, written: Written, first: int | None) -> None:
        super().__init__()
        self.written = written
        self.first = first
        self.verbatim = 0

    def read(self, html: str, line: int | None = None) -> None:
        """Take in a piece that begins in this line, by default where the last one ended."""
        if line is not None:
            self.first = line - self.getpos()[0] + 1
        # The parser stops at a marked section whose name it does not know.
        self.feed(html.replace("<![", "<!"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.written.tags.append(Tag(tag, attributes, self._line))
        self.verbatim += tag in VERBATIM
        if tag == "a" and "href" in attributes:
            self.written.links.append(Piece(attributes["href"], self._line))
        elif tag == "img" and attributes.get("src"):
            self.written.pictures.append(Piece(attributes["src"], self._line))

    def handle_endtag(self, tag: str) -> None:
        self.verbatim -= tag in VERBATIM and self.verbatim > 0

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.verbatim:
            self.written.words.append(Piece(data, self._line))

    @property
    def _line(self) -> int | None:
        return None if self.first is None else self.first + self.getpos()[0] - 1
