"""Reads the plain values out of a configuration written in JavaScript, as text; nothing is run."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsletter.digest.author_text import neutral

LARGEST = 256_000
DEEPEST = 20
# In this order: comments and strings first, or what stands in them would count.
TOKEN = re.compile(
    r"""
    (?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)
    |(?P<word>[A-Za-z_$][\w$]*)
    |(?P<number>\d[\w.]*)
    |(?P<mark>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
OPENING: Mapping[str, str] = {"{": "}", "[": "]", "(": ")"}
WORDS: Mapping[str, bool] = {"true": True, "false": False}

Value = str | bool


def config_values(file: Path) -> dict[str, Value]:
    """Return the strings and truths in a configuration by their keys, dotted where they nest.

    Lists and calls add nothing to a key, so Docusaurus' `presets: [["classic", {blog: {…}}]]` is
    `presets.blog.…`. A name that stands for a string set above counts as that string; what is
    computed is left out. Empty when the file cannot be read.
    """
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:
            return {}
        source = file.read_text("utf-8-sig")
    except (OSError, ValueError):
        return {}
    return values(neutral(source))


def values(source: str) -> dict[str, Value]:
    """Return the plain values in a piece of JavaScript by their dotted keys, the first of each."""
    found: dict[str, Value] = {}
    for keys, value in _pairs(_tokens(source)):
        if len(keys) <= DEEPEST:
            found.setdefault(".".join(filter(None, keys)), value)
    return found


Token = tuple[str, str]


def _tokens(source: str) -> list[Token]:
    return [
        (str(one.lastgroup), one[0]) for one in TOKEN.finditer(source) if one.lastgroup != "comment"
    ] + [("mark", "")] * 3


def _pairs(tokens: list[Token]) -> Iterator[tuple[list[str], Value]]:
    named: dict[str, Value | None] = {}
    # For each open bracket, the key it is the value of; empty where it is in a list or a call.
    within: list[str] = []
    key = ""
    for at, (kind, text) in enumerate(tokens[:-3]):
        before, after = tokens[at - 1][1], tokens[at + 1][1]
        if kind == "mark":
            key = _bracket(text, within, key)
        elif before in ("{", ",") and after == ":":
            key = _unquoted(text)
            value = _literal(tokens, at + 2, named)
            if value is not None:
                yield [*within[-DEEPEST:], key], value
        elif after == "=":
            named.setdefault(text, _literal(tokens, at + 2, named))
        elif before in ("{", ",") and after in (",", "}") and within:
            # `{url}` stands for `{url: url}`.
            value = named.get(text)
            if value is not None:
                yield [*within[-DEEPEST:], text], value


def _bracket(mark: str, within: list[str], key: str) -> str:
    """Follow a bracket in or out; return the key that what comes next is the value of."""
    if mark in OPENING:
        within.append(key)
        return ""
    if mark in OPENING.values() and within:
        within.pop()
        return ""
    return "" if mark == "," else key


def _literal(tokens: list[Token], at: int, named: Mapping[str, Value | None]) -> Value | None:
    """Return the value that begins here if nothing but its end follows it."""
    kind, text = tokens[at]
    following = tokens[at + 1][1]
    if following == "as" or (kind == "mark"):
        return None
    # A new statement or entry may follow without a mark; an operator or a call may not.
    if following and following not in ",;})]" and tokens[at + 1][0] == "mark":
        return None
    if kind == "string":
        value = _unquoted(text)
        return None if text[0] == "`" and "${" in value else value
    return WORDS.get(text, named.get(text))


def _unquoted(text: str) -> str:
    return ESCAPE.sub(r"\1", text[1:-1]) if text[:1] in "\"'`" else text
