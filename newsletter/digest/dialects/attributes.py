"""Attributes in braces, as pandoc, kramdown and Python-Markdown write them: `{#id .class k="v"}`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ITEM = re.compile(
    r"""\#(?P<id>[^\s{}#=]+)
        |\.(?P<class>[^\s{}.=]+)
        |(?P<key>[\w:-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s{}"']+))
        |(?P<word>[^\s{}"'=]+)""",
    re.VERBOSE,
)
BLANKS = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Attributes:
    """An element's id, classes and values; bare words stand in `words`."""

    id: str = ""
    classes: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    def get(self, *names: str) -> str:
        """Return the first of these values that says something."""
        return next((value for name in names if (value := self.values.get(name, ""))), "")


def read_attributes(source: str) -> Attributes | None:
    """Return the attributes in the text between two braces, None when it is something else."""
    items: list[re.Match[str]] = []
    at = 0
    source = source.rstrip()
    while at < len(source):
        at = BLANKS.match(source, at).end()  # type: ignore[union-attr]  # matches anything
        item = ITEM.match(source, at)
        if item is None:
            return None
        at = item.end()
        items.append(item)
    return _attributes(items)


def attributes_among(source: str) -> Attributes:
    """Return the attributes in the text between two braces, whatever else stands there."""
    return _attributes(ITEM.finditer(source))


def _attributes(items: Iterable[re.Match[str]]) -> Attributes:
    name = ""
    classes: list[str] = []
    values: dict[str, str] = {}
    words: list[str] = []
    for item in items:
        name = item["id"] or name
        value = item["double"] or item["single"] or item["bare"] or ""
        if item["class"]:
            classes.append(item["class"])
        elif item["key"] == "class":
            classes += value.split()
        elif item["key"]:
            values.setdefault(item["key"], value)
        elif item["word"]:
            words.append(item["word"])
    return Attributes(name, tuple(classes), values, tuple(words))
