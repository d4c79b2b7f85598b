"""Reads Zola's shortcodes: `{{ name(key=value) }}` and `{% name(key=value) %}` … `{% end %}`."""

import re

from newsletter.digest.dialects.shortcodes.lifting import Role, Span, Tag
from newsletter.digest.dialects.shortcodes.scanning import LONGEST, Syntax, scanned
from newsletter.digest.dialects.written import words

BEGINS = re.compile(r"\{[{%]")
OPENS = re.compile(r"\{\{\s*(\w+)\s*\(|\{%\s*(\w+)\s*\(")
CLOSES = re.compile(r"\s*(?:\}\}|%\})")
END = re.compile(r"\{%\s*end\s*%\}")
# Up to the next one that opens, so that many of them are read in one pass.
ESCAPED = re.compile(
    rf"(\{{\{{|\{{%)(\s*)/\*((?:(?!\{{[{{%]).){{0,{LONGEST}}}?)\*/(\s*)(\}}\}}|%\}})", re.DOTALL
)
VALUE = r"\"[^\"]*\"|'[^']*'|`[^`]*`|\[[^\[\]]*\]|[^\s,\"'`()\[\]]+"
ARGUMENT = re.compile(rf"(\w+)\s*=\s*({VALUE})", re.DOTALL)


def tags(body: str) -> list[Span | Tag]:
    """Return the tags of a body and the words and code between them, in order."""
    return scanned(body, SYNTAX)


def as_shown(text: str) -> str:
    """Return text in which tags that an author only shows stand without their comment marks."""
    return ESCAPED.sub(r"\1\2\3\4\5", text)


def _read(body: str, start: int, line: int) -> tuple[Tag | str, int] | None:
    escaped = ESCAPED.match(body, start, start + LONGEST)
    if escaped:
        return words(as_shown(escaped[0])), escaped.end()
    end = END.match(body, start)
    if end:
        return Tag("", start, end.end(), line, Role.CLOSING), end.end()
    opens = OPENS.match(body, start)
    if not opens:
        return None
    inside_end = _end_of_arguments(body, opens.end())
    closes = CLOSES.match(body, inside_end + 1) if inside_end else None
    if not closes:
        return None
    named = {
        found[1].lower(): found[2][1:-1] if found[2][0] in "\"'`" else found[2]
        for found in ARGUMENT.finditer(body, opens.end(), inside_end)
    }
    role = Role.SINGLE if opens[1] else Role.OPENING
    name = (opens[1] or opens[2]).lower()
    return Tag(name, start, closes.end(), line, role, (), named), closes.end()


def _end_of_arguments(text: str, start: int) -> int:
    """Return where the bracket closes that opened before `start`, 0 when it does not."""
    quote = ""
    for at in range(start, min(len(text), start + LONGEST)):
        letter = text[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'`":
            quote = letter
        elif letter == ")":
            return at
        elif letter in "{}":
            return 0
    return 0


SYNTAX = Syntax(BEGINS, _read, as_shown)
