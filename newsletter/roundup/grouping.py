"""Puts the posts of a roundup under headings, each post once."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from newsletter.roundup.entry import Entry

REST = "More"
Groups = Mapping[str, Sequence[Entry]]


def ungrouped(entries: Sequence[Entry]) -> Groups:
    """Return all posts under no heading."""
    return {"": entries}


def by_section(entries: Sequence[Entry]) -> Groups:
    """Return the posts by the part of the site they lie in, in the order in which they come."""
    return _under(entries, lambda entry: entry.section)


def by_tag(entries: Sequence[Entry]) -> Groups:
    """Return the posts by tag: each under the one of its own that most of the others share."""
    shared = Counter(tag for entry in entries for tag in entry.tags)

    def chosen(entry: Entry) -> str:
        return max(entry.tags, key=lambda tag: shared[tag], default="")

    return _under(entries, chosen)


def _under(entries: Sequence[Entry], heading: Callable[[Entry], str]) -> Groups:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(heading(entry), []).append(entry)
    if len(groups) == 1:
        return {"": entries}
    # What has no heading of its own comes last, under one for all of it.
    rest = groups.pop("", [])
    return groups | ({REST: [*groups.get(REST, []), *rest]} if rest else {})
