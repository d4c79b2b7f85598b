"""What joins two values of a template: comparisons, `and`, `or`, ranges, filters; and its scope."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from newsletter.digest.dialects.liquid.values import (
    LONGEST,
    MOST_ITEMS,
    NOT_KNOWN,
    UNSET,
    Nothing,
    is_blank,
    is_empty,
    number,
    truthy,
    words,
)

Filter = Callable[..., Any]

MOST_IN_RANGE = 1_000
MOST_LETTERS = 4_000_000
EMPTY, BLANK = object(), object()


@dataclass(slots=True)
class Scope:
    """The names and filters that an expression may use, and how many letters it may still make."""

    names: dict[str, Any] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    letters: int = MOST_LETTERS

    @contextmanager
    def naming(self, names: Mapping[str, Any]) -> Iterator[None]:
        """Set names for a while; what they were before is what they are again."""
        before = {name: self.names.get(name, UNSET) for name in names}
        self.names.update(names)
        yield
        self.names.update(before)

    def afford(self, value: Any) -> Any:
        """Return a value that was made; NOT_KNOWN when it is too long, or all letters are spent."""
        size = len(value) if isinstance(value, str | Sequence) else 1
        self.letters -= size
        is_too_long = size > (LONGEST if isinstance(value, str) else MOST_ITEMS)
        return NOT_KNOWN if is_too_long or self.letters < 0 else value


def both(left: Any, right: Callable[[], Any]) -> Any:
    """Return whether both hold; NOT_KNOWN when that depends on what is not known."""
    if not truthy(left):
        return False
    other = right()
    if not truthy(other):
        return False
    return NOT_KNOWN if NOT_KNOWN in (left, other) else True


def either(left: Any, right: Callable[[], Any]) -> Any:
    """Return whether one of them holds; NOT_KNOWN when that depends on what is not known."""
    if truthy(left) and left is not NOT_KNOWN:
        return True
    other = right()
    if truthy(other) and other is not NOT_KNOWN:
        return True
    return NOT_KNOWN if NOT_KNOWN in (left, other) else False


def opposite(value: Any) -> Any:
    """Return whether a value does not hold."""
    return NOT_KNOWN if value is NOT_KNOWN else not truthy(value)


def compare(sign: str, left: Any, right: Any) -> Any:
    """Return whether a comparison holds; values of different kinds are in no order."""
    if NOT_KNOWN in (left, right):
        return NOT_KNOWN
    left, right = (None if one is UNSET else one for one in (left, right))
    if sign in ("==", "===", "!=", "!==", "<>"):
        return _equal(left, right) is (sign[0] == "=")
    if sign == "contains":
        return _contains(left, right)
    if sign == "in":
        return _contains(right, left)
    if not _in_order(left, right):
        return False
    return {
        "<": left < right,
        ">": left > right,
        "<=": left <= right,
        ">=": left >= right,
    }[sign]


def _equal(left: Any, right: Any) -> bool:
    for one, other in ((left, right), (right, left)):
        if one is EMPTY:
            return is_empty(other)
        if one is BLANK:
            return is_blank(other)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, str):
        return part is not None and (words(part) or "\0") in whole
    if isinstance(whole, Mapping):
        return isinstance(part, str) and part in whole
    return isinstance(whole, Sequence) and part in whole


def _in_order(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return True
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in (left, right))


def numbers(first: Any, last: Any) -> Any:
    """Return the numbers of `(first..last)`."""
    if isinstance(first, Nothing) or isinstance(last, Nothing):
        return NOT_KNOWN
    start, end = int(number(first)), int(number(last))
    return range(start, min(end, start + MOST_IN_RANGE) + 1)


def filtered_by(
    scope: Scope, name: str, value: Any, arguments: Sequence[Any], named: Mapping[str, Any]
) -> Any:
    """Return what a filter makes of a value; NOT_KNOWN for a filter that nobody knows.

    What is not set stays so, but for `default`, which is there to set it.
    """
    made = scope.filters.get(name)
    if made is None or value is NOT_KNOWN or NOT_KNOWN in arguments:
        return NOT_KNOWN
    if value is UNSET and name not in ("default", "d"):
        return UNSET
    given = [None if one is UNSET else one for one in (value, *arguments)]
    try:
        return scope.afford(made(*given, **named))
    except (TypeError, ValueError, ArithmeticError, LookupError):
        # A filter used with values or a number of arguments that are not for it.
        return NOT_KNOWN
