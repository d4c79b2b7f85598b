"""Reads Hugo's shortcodes: `{{< name … >}}` and `{{% name … %}}`."""

import re

from newsletter.digest.dialects.shortcodes.lifting import Role, Span, Tag
from newsletter.digest.dialects.shortcodes.scanning import LONGEST, Syntax, scanned
from newsletter.digest.dialects.written import words

BEGINS = re.compile(r"\{\{[<%]")
# Up to the next one that opens, so that many of them are read in one pass.
ESCAPED = re.compile(
    rf"\{{\{{([<%])(\s*)/\*((?:(?!\{{\{{[<%]).){{0,{LONGEST}}}?)\*/(\s*)([>%])\}}\}}", re.DOTALL
)
NAME = re.compile(r"\s*(/?)\s*([\w./-]+)")
ARGUMENT = re.compile(
    r"(?:([\w-]+)\s*=\s*)?(?:\"((?:[^\"\\]|\\.)*)\"|`([^`]*)`|([^\s\"`]+))", re.DOTALL
)
UNESCAPED = re.compile(r"\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t"}
# What stands between their tags is no Markdown: backticks and braces in it are its own.
VERBATIM = "highlight|mermaid|rawhtml|raw|math|katex|latex|mathjax|equation|comment"
CLOSING = re.compile(rf"\{{\{{[<%]\s*/\s*({VERBATIM})\s*[>%]\}}\}}")


def tags(body: str) -> list[Span | Tag]:
    """Return the tags of a body and the words and code between them, in order."""
    return scanned(body, SYNTAX)


def as_shown(text: str) -> str:
    """Return text in which tags that an author only shows stand without their comment marks."""
    return ESCAPED.sub(r"{{\1\2\3\4\5}}", text)


def _read(body: str, start: int, line: int) -> tuple[Tag | str, int] | None:
    escaped = ESCAPED.match(body, start, start + LONGEST)
    if escaped:
        return words(as_shown(escaped[0])), escaped.end()
    end = _end_of_tag(body, start + 3)
    if not end:
        return None
    inside = body[start + 3 : end - 3]
    named = NAME.match(inside)
    if not named:
        # It stands for nothing.
        return "", end
    rest = inside[named.end() :].rstrip()
    role = Role.CLOSING if named[1] else Role.OPENING
    if not named[1] and rest.endswith("/") and (len(rest) == 1 or rest[-2] in ' \t\n"`'):
        role, rest = Role.SINGLE, rest[:-1]
    positional, values = arguments(rest)
    return Tag(named[2].lower(), start, end, line, role, positional, values), end


def arguments(written: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Read arguments by place and by name: bare, in double quotes, or raw between backticks."""
    positional: list[str] = []
    named: dict[str, str] = {}
    for found in ARGUMENT.finditer(written):
        quoted, raw, bare = found[2], found[3], found[4]
        value = bare if bare is not None else raw
        if quoted is not None:
            value = UNESCAPED.sub(lambda one: ESCAPES.get(one[1], one[1]), quoted)
        if found[1]:
            named.setdefault(found[1].lower(), value or "")
        else:
            positional.append(value or "")
    return tuple(positional), named


def _end_of_tag(text: str, start: int) -> int:
    """Return where the tag that opened before `start` ends, 0 when it does not."""
    quote = ""
    at = start
    last = min(len(text), start + LONGEST)
    while at < last:
        letter = text[at]
        if quote:
            if letter == "\\" and quote == '"':
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in '"`':
            quote = letter
        elif letter == "{" and BEGINS.match(text, at):
            return 0
        elif letter in ">%" and text.startswith("}}", at + 1):
            return at + 3
        at += 1
    return 0


SYNTAX = Syntax(BEGINS, _read, as_shown, CLOSING)
