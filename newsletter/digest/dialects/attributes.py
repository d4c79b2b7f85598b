"""Attributes in braces, as pandoc, kramdown and Python-Markdown write them: `{#id .class k="v"}`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

ITEM = re.compile(
    r"""\s*(?:
        \#(?P<id>[^\s{}#=]+)
        |\.(?P<class>[^\s{}.=]+)
        |(?P<key>[\w:-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s{}"']+))
        |(?P<word>[^\s{}"'=]+)
    )""",
    re.VERBOSE,
)


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
    name = ""
    classes: list[str] = []
    values: dict[str, str] = {}
    words: list[str] = []
    at = 0
    source = source.strip()
    while at < len(source):
        item = ITEM.match(source, at)
        if item is None:
            return None
        at = item.end()
        name = item["id"] or name
        if item["class"]:
            classes.append(item["class"])
        elif item["key"]:
            values.setdefault(item["key"], item["double"] or item["single"] or item["bare"] or "")
        elif item["word"]:
            words.append(item["word"])
    return Attributes(name, tuple(classes), values, tuple(words))
