"""Cuts raw HTML into tags and words, in time that grows with its length and no faster."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# Quotes end where they began, and a tag that is left open ends before the next one.
TAG = re.compile(r"<(/?)([a-z][^\s/<>]*)((?>(?:[^\"'<>]|\"[^\"]*\"|'[^']*')*))>", re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
PIECE = re.compile(rf"{TAG.pattern}|<!--()|<[!?][^<>]*+>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: its name in small letters, its attributes' first values, the line it stands in."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_closing: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """What stands between tags, its entities resolved."""

    content: str
    line: int = 0


def scan(source: str, line: int = 0) -> Iterator[Tag | Words]:
    """Yield the tags and the words of raw HTML; comments go.

    `line` is that of the source's beginning. What no browser takes for a tag is words.
    """
    at = 0
    # Once per source: no search for an end that is not there.
    last_comment_end = source.rfind("-->")
    while found := PIECE.search(source, at):
        if found.start() > at:
            yield Words(html.unescape(source[at : found.start()]), line)
        line += source.count("\n", at, found.start())
        end = found.end()
        if found[4] is not None:
            # An open comment hides the rest, as it does in a browser.
            end = source.find("-->", end - 2) + 3 if last_comment_end >= end - 2 else len(source)
        elif found[2]:
            yield Tag(found[2].lower(), attributes(found[3]), bool(found[1]), line)
        line += source.count("\n", found.start(), end)
        at = end
    if at < len(source):
        yield Words(html.unescape(source[at:]), line)


def attributes(source: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in small letters; the first of a name counts."""
    values: dict[str, str] = {}
    for found in ATTRIBUTE.finditer(source):
        value = found[2] or found[3] or found[4] or ""
        values.setdefault(found[1].lower(), html.unescape(value).strip())
    return values
