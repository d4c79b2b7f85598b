"""The filters that templates use most: Liquid's own, Jekyll's, and Nunjucks' by their names.

Each is a function of a value and its arguments. What a filter cannot do with them it answers with
a TypeError, ValueError or ArithmeticError, and the expression is taken as not known.
"""

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from newsletter.digest.dialects.liquid.dates import moment, strftime
from newsletter.digest.dialects.liquid.values import (
    LONGEST,
    is_empty,
    items,
    number,
    truthy,
    words,
)

TAGS = re.compile(r"<script[^>]*>.*?</script>|<!--.*?-->|<style[^>]*>.*?</style>|<[^<>]*>", re.S)
UNSAFE = {
    "raw": r"\s+",
    "default": r"[\W_]+",
    "pretty": r"[^\w.~!$&'()+,;=@]+",
    "ascii": r"[^A-Za-z0-9]+",
    "latin": r"[\W_]+",
}


def text(value: Any) -> str:
    """Return a value as words; raises TypeError for what has none."""
    found = words(value)
    if found is None:
        raise TypeError("no text")
    return found


def slugify(value: Any, mode: str = "default") -> str:
    """Return words as a part of an address, by Jekyll's modes."""
    if mode not in UNSAFE:
        return text(value).lower()
    letters = text(value)
    if mode == "latin":
        letters = unicodedata.normalize("NFKD", letters)
        letters = "".join(one for one in letters if not unicodedata.combining(one))
    return re.sub(r"\A-|-\Z", "", re.sub(UNSAFE[mode], "-", letters)).lower()


def plain(markup: str) -> str:
    """Return HTML without its tags."""
    return TAGS.sub("", markup)


def _replace(value: Any, old: Any, new: Any = "", most: int = -1) -> str:
    source, before, after = text(value), text(old), text(new)
    count = source.count(before) if most < 0 else min(most, source.count(before))
    if len(source) + count * max(0, len(after) - len(before)) > LONGEST:
        raise ValueError("too long")
    return source.replace(before, after, count)


def _joined(value: Any, between: Any = " ") -> str:
    parts, joint = [text(one) for one in items(value)], text(between)
    if sum(map(len, parts)) + len(parts) * len(joint) > LONGEST:
        raise ValueError("too long")
    return joint.join(parts)


def _split(value: Any, between: Any = " ") -> list[str]:
    source, joint = text(value), text(between)
    parts = list(source) if not joint else source.split(None if joint == " " else joint)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _date(value: Any, pattern: Any = "") -> Any:
    at = moment(value)
    if at is None or not text(pattern):
        return value
    return strftime(at, text(pattern))


def _dated(pattern: str) -> Callable[..., Any]:
    def write(value: Any, kind: Any = "", style: Any = "") -> Any:
        at = moment(value)
        if at is None:
            return value
        if kind != "ordinal":
            return strftime(at, pattern)
        ending = "th" if 11 <= at.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(at.day % 10, "th")
        month = "%B" if "%B" in pattern else "%b"
        if style == "US":
            return strftime(at, f"{month} ") + f"{at.day}{ending}, {at.year}"
        return f"{at.day}{ending} " + strftime(at, f"{month} %Y")

    return write


def _default(value: Any, other: Any = "", allow_false: bool = False) -> Any:
    if value is False and allow_false is True:
        return value
    return other if not truthy(value) or is_empty(value) else value


def _slice(value: Any, start: Any, length: Any = 1) -> Any:
    first, size = int(number(start)), int(number(length))
    source = value if isinstance(value, list) else text(value)
    if first < 0:
        first += len(source)
    return source[first : first + size] if first >= 0 and size >= 0 else source[:0]


def _cut(value: Any, most: Any = 50, end: Any = "...") -> str:
    source, mark = text(value), text(end)
    size = int(number(most))
    return source if len(source) <= size else source[: max(0, size - len(mark))] + mark


def _cut_words(value: Any, most: Any = 15, end: Any = "...") -> str:
    parts = text(value).split()
    size = max(1, int(number(most)))
    return " ".join(parts) if len(parts) <= size else " ".join(parts[:size]) + text(end)


def _where(value: Any, key: Any, wanted: Any = None) -> list[Any]:
    tables = [one for one in items(value) if isinstance(one, Mapping)]
    if wanted is None:
        return [one for one in tables if truthy(one.get(key))]
    return [one for one in tables if one.get(key) == wanted]


def _sorted(value: Any, key: Any = None) -> list[Any]:
    def order(one: Any) -> tuple[bool, str]:
        found = one.get(key) if key is not None and isinstance(one, Mapping) else one
        return found is None, words(found) or ""

    whole = items(value)
    if all(isinstance(one, int | float) for one in whole):
        return sorted(whole)
    return sorted(whole, key=order)


def _unique(value: Any) -> list[Any]:
    kept: dict[str, Any] = {}
    for one in items(value):
        kept.setdefault(repr(one), one)
    return list(kept.values())


def _arithmetic(work: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def worked(value: Any, other: Any) -> Any:
        made = work(number(value), number(other))
        if abs(made) > 1e40:
            raise ArithmeticError
        return made

    return worked


def _divided(value: Any, other: Any) -> Any:
    return value // other if isinstance(value, int) and isinstance(other, int) else value / other


def _rounded(value: Any, places: Any = 0) -> Any:
    digits = min(9, max(0, int(number(places))))
    return round(number(value), digits) if digits else int(number(value) + 0.5)


def _sentence(value: Any, connector: Any = "and") -> str:
    parts = [text(one) for one in items(value)]
    if len(parts) < 3:
        return f" {text(connector)} ".join(parts)
    return ", ".join(parts[:-1]) + f", {text(connector)} {parts[-1]}"


def _number_of_words(value: Any, _mode: Any = "") -> int:
    return len(text(value).split())


def _every(values: Iterable[Any], key: Any) -> list[Any]:
    return [one.get(key) if isinstance(one, Mapping) else None for one in values]


FILTERS: dict[str, Callable[..., Any]] = {
    "abs": lambda value: abs(number(value)),
    "append": lambda value, other: text(value) + text(other),
    "capitalize": lambda value: text(value).capitalize(),
    "ceil": lambda value: -int(-number(value) // 1),
    "cgi_escape": lambda value: quote_plus(text(value)),
    "compact": lambda value: [one for one in items(value) if one is not None],
    "concat": lambda value, other: items(value) + items(other),
    "date": _date,
    "date_to_long_string": _dated("%d %B %Y"),
    "date_to_rfc822": _dated("%a, %d %b %Y %H:%M:%S %z"),
    "date_to_string": _dated("%d %b %Y"),
    "date_to_xmlschema": _dated("%Y-%m-%dT%H:%M:%S%:z"),
    "default": _default,
    "divided_by": _arithmetic(_divided),
    "downcase": lambda value: text(value).lower(),
    "escape": lambda value: html.escape(text(value)).replace("&#x27;", "&#39;"),
    "escape_once": lambda value: html.escape(html.unescape(text(value))),
    "first": lambda value: next(iter(items(value)), None),
    "floor": lambda value: int(number(value) // 1),
    "jsonify": lambda value: json.dumps(value, ensure_ascii=False),
    "join": _joined,
    "last": lambda value: next(reversed(items(value)), None),
    "lstrip": lambda value: text(value).lstrip(),
    "map": lambda value, key: _every(items(value), key),
    "minus": _arithmetic(lambda value, other: value - other),
    "modulo": _arithmetic(lambda value, other: value % other),
    "newline_to_br": lambda value: _replace(value, "\n", "<br />\n"),
    "normalize_whitespace": lambda value: " ".join(text(value).split()),
    "number_of_words": _number_of_words,
    "plus": _arithmetic(lambda value, other: value + other),
    "prepend": lambda value, other: text(other) + text(value),
    "remove": lambda value, old: _replace(value, old),
    "remove_first": lambda value, old: _replace(value, old, "", 1),
    "replace": _replace,
    "replace_first": lambda value, old, new="": _replace(value, old, new, 1),
    "reverse": lambda value: items(value)[::-1],
    "array_to_sentence_string": _sentence,
    "round": _rounded,
    "rstrip": lambda value: text(value).rstrip(),
    "size": lambda value: len(value) if isinstance(value, str | list | Mapping | range) else 0,
    "slice": _slice,
    "slugify": slugify,
    "sort": _sorted,
    "split": _split,
    "strip": lambda value: text(value).strip(),
    "strip_html": lambda value: plain(text(value)),
    "strip_newlines": lambda value: text(value).replace("\n", ""),
    "times": _arithmetic(lambda value, other: value * other),
    "truncate": _cut,
    "truncatewords": _cut_words,
    "uniq": _unique,
    "upcase": lambda value: text(value).upper(),
    "uri_escape": lambda value: quote(text(value), safe="/:?#[]@!$&'()*+,;=%~"),
    "url_decode": lambda value: unquote_plus(text(value)),
    "url_encode": lambda value: quote_plus(text(value)),
    "where": _where,
    "xml_escape": lambda value: html.escape(text(value)),
    # Nunjucks' names; `safe` and `dump` say how to print what is printed as it is here.
    "d": _default,
    "e": lambda value: html.escape(text(value)),
    "length": lambda value: len(value) if isinstance(value, str | list | Mapping | range) else 0,
    "lower": lambda value: text(value).lower(),
    "nl2br": lambda value: _replace(value, "\n", "<br />\n"),
    "safe": lambda value: value,
    "slug": slugify,
    "striptags": lambda value: plain(text(value)),
    "title": lambda value: text(value).title(),
    "trim": lambda value: text(value).strip(),
    "upper": lambda value: text(value).upper(),
    "urlencode": lambda value: quote(text(value), safe="~"),
}
