"""`import` and `export` lines: what they name is remembered, nothing of them shows."""

import re
from dataclasses import dataclass, field

from newsletter.digest.dialects.mdx.expressions import STRING, TOKEN, first_string

IMPORTING = re.compile(r"import[ \t][^\n]*[\"'][ \t]*;?[ \t]*$")
START = re.compile(
    r"import[ \t]*(?:[\w$*{\"'][^\n]*)$"
    r"|export[ \t]+(?:default|const|let|var|async|function|class|type|interface|\{|\*)[^\n]*$"
)
IMPORT = re.compile(
    r"import\s+(?:type\s+)?(?:([\w$]+)\s*,?\s*)?(?:\{[^{}]*\}|\*\s*as\s+[\w$]+)?\s*(?:from\s*)?"
    r"[\"']([^\"'\n]+)[\"']"
)
CONSTANT = re.compile(r"export\s+(?:const|let|var)\s+([\w$]+)\s*(?::\s*\w+\s*)?=\s*(?=[\"'`\d-])")
NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)\s*;?\s*(?:$|\n)")
LONGEST = 10_000
# Whoever begins so many that never end writes no MDX.
MOST_FAILURES = 10


@dataclass(slots=True)
class Modules:
    """What a post imports and names: files by the name they have in the post, and strings."""

    names: dict[str, str] = field(default_factory=dict)


def lift_modules(text: str, *, exports: bool = True) -> tuple[str, Modules]:
    """Return text without its modules, line for line, and what they named.

    A plain post may well begin a paragraph with “export”: there only imports are modules.
    """
    modules = Modules()
    if "import" not in text and not (exports and "export" in text):
        return text, modules
    start = START if exports else IMPORTING
    lines = text.split("\n")
    at = failed = 0
    above = ""
    while at < len(lines) and failed < MOST_FAILURES:
        begins = not above.strip() and start.match(lines[at])
        end = _end(lines, at) if begins else at
        failed += bool(begins) and end == at
        if end > at:
            _remember("\n".join(lines[at:end]), modules)
            lines[at:end] = [""] * (end - at)
        above = lines[at]
        at = max(end, at + 1)
    return "\n".join(lines), modules


def _end(lines: list[str], start: int) -> int:
    """Return the line after a statement; the statement's own line when it is none."""
    depth = 0
    length = 0
    for at in range(start, len(lines)):
        length += len(lines[at])
        if length > LONGEST:
            return start
        depth += _depth(lines[at])
        # A name and a file may stand in lines of their own.
        is_whole = depth <= 0 and not lines[at].rstrip().endswith(("=", "=>", "from", ",", "("))
        if is_whole:
            source = " ".join(" ".join(lines[start : at + 1]).split())
            is_import = source.startswith("import")
            return start if is_import and not IMPORT.match(source) else at + 1
        if not lines[at].strip() and depth <= 0:
            return start
    return start


def _depth(line: str) -> int:
    bare = TOKEN.sub(lambda token: token[0] if token[0] in "{}" else "", line)
    return sum(bare.count(one) for one in "{[(") - sum(bare.count(one) for one in "}])")


def _remember(source: str, modules: Modules) -> None:
    for found in IMPORT.finditer(" ".join(source.split())):
        if found[1]:
            modules.names.setdefault(found[1], found[2])
    constant = CONSTANT.match(source)
    if constant:
        string = STRING.match(source, constant.end())
        if string and "${" not in string[0]:
            modules.names.setdefault(constant[1], first_string(string[0]))
        elif number := NUMBER.match(source, constant.end()):
            modules.names.setdefault(constant[1], number[1])
