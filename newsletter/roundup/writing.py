"""Writes a roundup as a post: front matter, a heading for each post, a picture, a few words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import yaml

from newsletter.roundup.entry import Entry
from newsletter.roundup.grouping import Groups, by_section, by_tag, ungrouped

GROUPS: Mapping[str, Callable[[Sequence[Entry]], Groups]] = MappingProxyType(
    {"section": by_section, "tag": by_tag, "none": ungrouped}
)
# What Markdown, or a generator's dialect of it, would read as more than a letter; no more than
# that: a person is going to edit it.
SPECIAL = re.compile(
    r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)|~(?=~)|&(?=#?\w+;)|(?<=\{)[{%]"
    r"|^(?:[#>=-]|:(?=::)|!(?=!!)|(?:\+|\d{1,9}[.)])(?=\s|$))"
)
ADDRESS = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"}
MOST_TITLES = 3


def write(entries: Sequence[Entry], *, since: date, today: date, group: str = "section") -> str:
    """Return a post about other posts, as Markdown; `group` is a name in GROUPS."""
    groups = GROUPS[group](entries)
    head = {
        "title": f"New since {since.day} {since:%B} {since.year}",
        "date": today.isoformat(),
        "description": _description(entries),
    }
    matter = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1000)
    return "\n".join([f"---\n{matter}---", *_body(groups)]) + "\n"


def _description(entries: Sequence[Entry]) -> str:
    titles = [entry.title for entry in entries[:MOST_TITLES]]
    rest = len(entries) - len(titles)
    return "; ".join(titles) + (f"; and {rest} more" if rest else "")


def _body(groups: Groups) -> Iterator[str]:
    for heading, entries in groups.items():
        if heading:
            yield f"\n## {escaped(heading)}"
        for entry in entries:
            yield from _entry(entry, inside=bool(heading))


def _entry(entry: Entry, *, inside: bool) -> Iterator[str]:
    title = escaped(entry.title)
    level = "###" if inside else "##"
    yield f"\n{level} {_linked(title, entry.url)}"
    if entry.picture:
        picture = f"![{escaped(entry.picture_alt or entry.title)}]({_address(entry.picture)})"
        # Alone in its paragraph it would become the picture of the whole group.
        yield "\n" + (_linked(picture, entry.url) if inside else picture)
    if entry.excerpt:
        yield f"\n{escaped(entry.excerpt)}"


def _linked(words: str, url: str | None) -> str:
    return f"[{words}]({_address(url)})" if url else words


def _address(url: str) -> str:
    return "".join(ADDRESS.get(letter, letter) for letter in url)


def escaped(words: str) -> str:
    """Return words as Markdown that shows them as they are."""
    plain = " ".join(words.split())
    return SPECIAL.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", plain)
