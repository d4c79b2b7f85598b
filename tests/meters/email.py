"""What a finished email holds, as its readers get it: HTML as a browser reads it, and plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import html5lib

from tests.meters.markup import BARE, INLINE
from tests.meters.words import Word, words

SILENT = ("head", "script", "style", "title")
ADDRESS = re.compile(r"<((?:https?|mailto|tel):[^>\s]+)>")
# Marks of stress and of code, which stand at the edge of a word and part none.
STRESS = re.compile("[*_~]+\u2060|\u2060[*_~]+|`")
MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LISTED = re.compile(r"^[ >]*\[\d+\](?= <)", re.MULTILINE)
MARK = re.compile(r"[ \u00a0\n]\[(\d+)\]|(?<=\S)\u00a0?\[(\d+)\]")
NUMBER = re.compile(r"^([ >]*(?:- )?)\d{1,9}\. ", re.MULTILINE)
NAMED = re.compile(r"\[Picture: ((?:[^\[\]]|\[[^\]]*\])*)\]")


@dataclass(slots=True)
class Part:
    """One part of an email: its words in order, where it leads, its pictures, its code.

    `pictures` are (src, description); a text has no src. `named` are the words of descriptions.
    """

    flow: list[Word] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    # What was read, and its words outside of code, for whatever looks like machinery.
    raw: str = ""
    prose: str = ""
    has_notes: bool = False
    ids: set[str] = field(default_factory=set)

    @property
    def named(self) -> list[str]:
        """The words by which pictures are described."""
        return [word.text for _, said in self.pictures for word in words(said)]


def read_html(source: str, *, notes: bool = False) -> Part:
    """Read the HTML part with a real HTML5 parser; with `notes`, a raised number is a note's mark."""
    body = html5lib.parse(source, treebuilder="etree", namespaceHTMLElements=False).find("body")
    part = Part(raw=source, has_notes=notes)
    spoken: list[str] = []
    prose: list[str] = []
    assert body is not None
    _walk(body, part, spoken, prose, in_code=False)
    part.flow = words(BARE.sub(" ", "".join(spoken)))
    part.prose = "".join(prose)
    return part


def _walk(
    element: Element, part: Part, spoken: list[str], prose: list[str], *, in_code: bool
) -> None:
    tag = element.tag
    # A comment's tag is a function.
    if callable(tag) or tag in SILENT or _is_hidden(element):
        return
    _note(element, tag, part)
    inside = in_code or tag in ("code", "pre")
    is_mark = tag == "sup" and part.has_notes and "".join(element.itertext()).strip().isdigit()
    edge = "" if tag in INLINE and not is_mark else "\n"
    for texts in (spoken, prose):
        texts.append(edge)
    for piece in _pieces(element):
        if isinstance(piece, str):
            spoken.append(piece)
            prose.append(" " if inside else piece)
        else:
            _walk(piece, part, spoken, prose, in_code=inside)
    for texts in (spoken, prose):
        texts.append(edge)


def _pieces(element: Element) -> Iterator[str | Element]:
    yield element.text or ""
    for child in element:
        yield child
        yield child.tail or ""


def _is_hidden(element: Element) -> bool:
    return "display:none" in element.get("style", "").replace(" ", "")


def _note(element: Element, tag: str, part: Part) -> None:
    if element.get("id"):
        part.ids.add(element.get("id", ""))
    if tag == "a" and element.get("href"):
        part.links.add(element.get("href", ""))
    elif tag == "img":
        part.pictures.append((element.get("src", ""), element.get("alt", "")))
    elif tag == "pre":
        part.codes.append("".join(element.itertext()))


def read_text(source: str) -> Part:
    """Read the text part: marks and lists of addresses are no words, nor are numbers of items."""
    part = Part(raw=source, prose=_without_code(source))
    part.links = set(ADDRESS.findall(source)) | set(BARE.findall(source))
    part.links |= {f"mailto:{address}" for address in MAILBOX.findall(source)}
    joined = NAMED.sub(lambda found: _named(found, part), source)
    joined = LISTED.sub("", joined)
    joined = ADDRESS.sub(" ", joined)
    joined = STRESS.sub("", joined)
    joined = MARK.sub(lambda found: "\n" if found[0][0] == "\n" else " ", joined)
    joined = BARE.sub(" ", NUMBER.sub(r"\1", joined))
    part.flow = words(joined)
    return part


def _named(found: re.Match[str], part: Part) -> str:
    part.pictures.append(("", " ".join(found[1].split())))
    return "\n" * found[0].count("\n")


def _without_code(source: str) -> str:
    lines = ("" if line.startswith("    ") else line for line in source.split("\n"))
    return re.sub(r"`[^`\n]*`", " ", "\n".join(lines))
