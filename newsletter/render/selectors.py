"""Which selectors of a style sheet can match anything in a document, told without parsing it."""

import re
from dataclasses import dataclass
from functools import lru_cache

_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_USED = re.compile(r"""\bclass=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ELEMENT = re.compile(r"<([a-z][a-z0-9]*)\b", re.IGNORECASE)
_FIRST = re.compile(r"(?:^|[\s>+~])([a-z][a-z0-9]*)")
_REST = re.compile(r"[.#\[:][^\s>+~]*")
# A parser of HTML makes these by itself.
_IMPLIED = ("html", "head", "body", "p", "tbody")


@dataclass(frozen=True, slots=True)
class Names:
    """The classes and the elements that a document has, in its conditional comments too."""

    classes: frozenset[str]
    elements: frozenset[str]


def names_in(html: str) -> Names:
    """Return the names in a document."""
    used = (found[1] or found[2] or "" for found in _USED.finditer(html))
    elements = (name.lower() for name in _ELEMENT.findall(html))
    return Names(
        frozenset(name for classes in used for name in classes.split()),
        frozenset((*elements, *_IMPLIED)),
    )


def may_match(selector: str, names: Names) -> bool:
    """Return whether a selector can match; one with brackets, such as `:not(.x)`, always may."""
    needed = _needed(selector)
    return needed is None or (needed.classes <= names.classes and needed.elements <= names.elements)


@lru_cache(maxsize=4096)
def _needed(selector: str) -> Names | None:
    if "(" in selector:
        return None
    return Names(
        frozenset(_CLASS.findall(selector)), frozenset(_FIRST.findall(_REST.sub("", selector)))
    )
