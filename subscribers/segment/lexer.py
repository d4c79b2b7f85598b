"""A filter's text as words, values and signs, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from subscribers.errors import SegmentRefused
from subscribers.segment.tree import Value

LONGEST = 4_000
TOKEN = re.compile(
    r"""
    (?P<blank>\s+)
    | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<date>\d{4}-\d{2}-\d{2}(?![\w-]))
    | (?P<number>-?\d+(?:\.\d+)?(?![\w.-]))
    | (?P<sign><=|>=|!=|<>|==|[=<>(),:])
    | (?P<word>[^\W\d][\w.-]*)
    """,
    re.VERBOSE,
)
# No database keeps a NUL, and half a character is none.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
SAME = {"==": "=", "<>": "!="}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, sign or value; `at` and `end` count characters from 0."""

    kind: str
    text: str
    at: int
    end: int
    value: Value = ""


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a filter and then one of kind `end`; raises SegmentRefused."""
    if len(text) > LONGEST:
        raise SegmentRefused(f"a filter has at most {LONGEST:,} characters", text[:60], 0)
    control = CONTROL.search(text)
    if control:
        raise SegmentRefused(
            "this character cannot be typed, and is in nothing", text, control.start()
        )
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise SegmentRefused(_odd(text, at), text, at)
        kind, written = str(found.lastgroup), found[0]
        if kind != "blank":
            value = _value(kind, written, text, at)
            yield Token(kind, SAME.get(written, written), at, found.end(), value)
        at = found.end()
    yield Token("end", "the end", at, at)


def _odd(text: str, at: int) -> str:
    if text[at] in "\"'":
        return "this quotation mark is never closed"
    if text[at].isdigit() or text[at] == "-":
        return "this is neither a number nor a date; a date reads 2026-01-31"
    return f"{text[at]!r} means nothing here"


def _value(kind: str, written: str, text: str, at: int) -> Value:
    if kind == "string":
        return re.sub(r"\\(.)", r"\1", written[1:-1], flags=re.DOTALL)
    if kind == "number":
        return float(written)
    if kind == "date":
        try:
            return date.fromisoformat(written)
        except ValueError:
            raise SegmentRefused(f"there is no day {written}", text, at) from None
    return written
