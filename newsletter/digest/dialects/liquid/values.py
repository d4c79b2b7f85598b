"""What a template's values are worth, by Liquid's rules: truth, steps, words, numbers, lists."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

# A longer text would be made by a template that doubles it again and again.
LONGEST = 262_144
MOST_ITEMS = 10_000


class Nothing(Enum):
    """Two values that are none.

    UNSET: a name that nobody set, which Liquid takes for nil. NOT_KNOWN: there is a value, and
    only the generator knows it (all posts of the site, what a plugin or a script computes).
    """

    UNSET = "unset"
    NOT_KNOWN = "not known"


UNSET: Final = Nothing.UNSET
NOT_KNOWN: Final = Nothing.NOT_KNOWN


class Partly(dict[str, Any]):
    """A table of which only a part is known."""

    def __contains__(self, _key: object) -> bool:
        return True

    def __missing__(self, _key: str) -> Any:
        return NOT_KNOWN


def truthy(value: Any) -> bool:
    """Return whether a condition holds: all but nil and false is true, also 0 and ''."""
    return value is not None and value is not False and value is not UNSET


def step(value: Any, key: Any) -> Any:
    """Return what `value.key` or `value[key]` is."""
    if isinstance(value, Nothing):
        return value
    if isinstance(key, Nothing):
        return NOT_KNOWN
    if isinstance(value, Mapping):
        return _of_mapping(value, key)
    if isinstance(value, Sequence):
        return _of_sequence(value, key)
    return None


def _of_mapping(value: Mapping[Any, Any], key: Any) -> Any:
    if isinstance(key, list | dict):
        return None
    if key in value:
        return value[key]
    if key == "size":
        return len(value)
    if key == "first" and value:
        return list(next(iter(value.items())))
    return None


def _of_sequence(value: Sequence[Any], key: Any) -> Any:
    if key == "size" or key == "length":
        return len(value)
    if isinstance(value, str):
        return None
    if key in ("first", "last"):
        key = 0 if key == "first" else -1
    if isinstance(key, str) and key.lstrip("-").isdecimal() and len(key) < 9:
        key = int(key)
    if isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    return None


def words(value: Any) -> str | None:
    """Return a value as a template writes it; None for what only a programmer would read."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value) if abs(value) < 1e40 else None
    if isinstance(value, datetime):
        zone = value.strftime("%z") or "+0000"
        return f"{value:%Y-%m-%d %H:%M:%S} {zone}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | range):
        parts = [words(one) for one in value[:MOST_ITEMS]]
        return None if None in parts else "".join(part for part in parts if part)
    return None


def number(value: Any) -> int | float:
    """Return a value as a number; 0 for what is none."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and len(value) < 20:
        try:
            return float(value) if "." in value else int(value)
        except ValueError:
            return 0
    return 0


def items(value: Any) -> list[Any]:
    """Return what a loop over a value goes through; a table is a list of pairs."""
    if isinstance(value, Mapping):
        return [[key, inner] for key, inner in list(value.items())[:MOST_ITEMS]]
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, Sequence):
        return list(value[:MOST_ITEMS])
    return []


def is_empty(value: Any) -> bool:
    """Return whether a value equals Liquid's `empty`."""
    return isinstance(value, str | Sequence | Mapping) and len(value) == 0


def is_blank(value: Any) -> bool:
    """Return whether a value equals Liquid's `blank`: empty, nil, false, or only blanks."""
    if isinstance(value, str):
        return not value.strip()
    return not truthy(value) or is_empty(value)
