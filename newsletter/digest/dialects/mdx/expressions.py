"""Expressions in braces: where they end, and those whose value anybody can read; nothing is run."""

import re
from collections.abc import Mapping

LONGEST = 10_000
TOKEN = re.compile(
    r"//[^\n]*|/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[{}]",
    re.DOTALL,
)
STRING = re.compile(
    r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`", re.DOTALL
)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": " "}
NUMBER = re.compile(r"-?\d[\d_.]*")
# `img`, `img.src`, `frontMatter.title`; and the calls by which Docusaurus names a file.
NAME = re.compile(r"([A-Za-z_$][\w$]*)((?:\??\.[A-Za-z_$][\w$]*)*)")
FILE = re.compile(r"(?:require|useBaseUrl|withBase|url)\(\s*(.*?)\s*\)(?:\.default)?", re.DOTALL)
FRONT_MATTER = ("frontMatter", "frontmatter")


def end_of_braces(text: str, start: int) -> int:
    """Return where the expression ends whose brace stands at `start`, 0 when it does not."""
    depth = 0
    for token in TOKEN.finditer(text, start, start + LONGEST):
        depth += {"{": 1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return 0


def value_of(source: str, names: Mapping[str, str], matter: Mapping[str, object]) -> str | None:
    """Return what an expression comes to: a string, a number, a name known; None for all else."""
    source = without_comments(source).strip()
    if not source:
        return ""
    call = FILE.fullmatch(source)
    source = call[1] if call else source
    string = STRING.fullmatch(source)
    if string:
        template = string[3]
        if template is not None and "${" in template:
            return None
        return _unescaped(template or string[1] or string[2] or "")
    if NUMBER.fullmatch(source):
        return source
    name = NAME.fullmatch(source)
    if name is None:
        return None
    if name[1] in FRONT_MATTER:
        found = matter.get(name[2].lstrip("?."))
        return str(found) if isinstance(found, str | int | float) else None
    return names.get(name[1]) if name[2] in ("", ".src", ".default") else None


def without_comments(source: str) -> str:
    """Return an expression without its comments; `//` within a string is none."""
    if "/" not in source:
        return source
    return TOKEN.sub(lambda token: "" if token[0][:2] in ("//", "/*") else token[0], source)


def first_string(source: str) -> str:
    """Return the first string in an expression that is more than one, such as `{light: "a.png"}`."""
    found = STRING.search(source)
    return _unescaped(found[1] or found[2] or found[3] or "") if found else ""


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda found: ESCAPES.get(found[1], found[1]), text)
