"""An independent reading of a post: its words in order, links, pictures and code, off the raw text.

Written apart from `newsletter.digest`, and by other means, so that it can find that reader's
faults: no Markdown parser, only passes that blank out what is no word and keep every line where
it stands. What stands aside in an email (notes, captions, descriptions of pictures) is kept apart
from the flow of the words.
"""

import html
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.meters.code import Code, lift_code, without_tags_of_code
from tests.meters.machinery import arguments, embedded, without_machinery
from tests.meters.markup import Link, Picture, Reading, read_markup
from tests.meters.words import Word, texts, words

NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*")
PELICAN = re.compile(r"[A-Z][A-Za-z_-]*:[ \t]")


@dataclass(slots=True)
class Source:
    """A post's raw text as read here; `aside` are words whose place in an email is its own."""

    path: Path
    head: dict[str, Any]
    title: str
    flow: list[Word] = field(default_factory=list)
    aside: list[Word] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    # Words that a text may repeat, or show of an address: they are asked for by nobody.
    spare: set[str] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    has_notes: bool = False
    # The text outside of code as it was written.
    raw: str = ""

    @property
    def head_words(self) -> set[str]:
        """The words of the front matter, which an email may show above the post."""
        return set(texts(" ".join(_scalars(self.head))))


def read_source(path: Path, generator: str) -> Source:
    """Read a post whose site is made by this generator (see `machinery`)."""
    text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    head, body = _split(text)
    title = _title(head, body)
    codes, body = lift_code(without_tags_of_code(body), generator)
    raw = body
    body, spoken = without_machinery(body, generator, head, title)
    body, notes = _take_notes(body)
    films, pictures = embedded(raw)
    source = Source(path, head, title, links=films, pictures=pictures, codes=codes, raw=raw)
    source.has_notes = bool(notes.strip())
    definitions = Reading.definitions_of(body) | Reading.definitions_of(notes)
    for text_of, into in ((body, source.flow), (notes, source.aside)):
        reading = read_markup(text_of, definitions)
        into += words(reading.text)
        source.aside += reading.aside
        source.links += reading.links
        source.pictures += reading.pictures
        source.headings += reading.headings
        source.spare |= set(texts(" ".join(reading.spare)))
    source.aside += spoken
    source.aside += [word for code in codes for word in words(code.said, code.line)]
    source.spare |= set(texts(arguments(raw, generator)))
    _drop_repeated_title(source, body)
    if cover := next((head[key] for key in ("image", "cover") if _is_text(head.get(key))), None):
        source.pictures.append(Picture(cover, "", 1, is_cover=True))
    return source


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _split(text: str) -> tuple[dict[str, Any], str]:
    """Return the front matter, and the body with as many empty lines in its place."""
    lines = text.split("\n")
    mark = lines[0].rstrip()
    if mark in ("---", "+++"):
        end = next(n for n, line in enumerate(lines[1:], 1) if line.rstrip() == mark)
        inner = "\n".join(lines[1:end])
        head = tomllib.loads(inner) if mark == "+++" else yaml.safe_load(inner)
        return head or {}, "\n" * (end + 1) + "\n".join(lines[end + 1 :])
    if mark == "<!--" and lines[1].startswith(".. "):
        end = lines.index("-->")
        told = (line[3:].partition(": ") for line in lines[1:end])
        return {key: value for key, _, value in told}, "\n" * (end + 1) + "\n".join(
            lines[end + 1 :]
        )
    head = {}
    at = 0
    while at < len(lines) and PELICAN.match(lines[at]):
        key, _, value = lines[at].partition(":")
        head[key.lower()] = value.strip()
        at += 1
    return head, "\n" * at + "\n".join(lines[at:])


def _title(head: dict[str, Any], body: str) -> str:
    computed = head.get("eleventyComputed")
    for table in (head, computed if isinstance(computed, dict) else {}):
        if _is_text(table.get("title")):
            return str(table["title"])
    first = re.search(r"^# (.+)$", body, re.MULTILINE)
    return first[1].strip() if first else ""


def _drop_repeated_title(source: Source, body: str) -> None:
    """Put the title first in the flow, once: a first heading that repeats it is not asked for."""
    title = texts(source.title)
    first = re.search(r"^# .+$", body, re.MULTILINE)
    if first:
        line = body.count("\n", 0, first.start()) + 1
        if [word.text for word in source.flow if word.line == line] == title:
            source.flow = [word for word in source.flow if word.line != line]
    source.flow[:0] = [Word(word, 1) for word in title]


def _take_notes(body: str) -> tuple[str, str]:
    """Part the definitions of footnotes from the body; both keep every line where it was."""
    kept: list[str] = []
    notes: list[str] = []
    inside = False
    for line in body.split("\n"):
        mark = NOTE.match(line)
        inside = bool(mark) or (inside and (not line.strip() or line.startswith("    ")))
        kept.append("" if inside else line)
        notes.append(line[mark.end() :] if mark else line.strip() if inside else "")
    return "\n".join(kept), "\n".join(notes)


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _scalars(inner)
    else:
        yield html.unescape(str(value))
