"""Style sheets without the rules that match nothing in their document."""

import re
from collections.abc import Sequence
from functools import lru_cache

from newsletter.render.selectors import Names, may_match, names_in

_STYLE = re.compile(r"(<style[^>]*>)(.*?)(</style>)", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACE = re.compile("[{}]")
# At-rules whose inside are rules again; of others (@font-face, @import) nothing is known.
_NESTING = ("@media", "@supports")


def prune(html: str) -> str:
    """Return the document with style sheets in which every rule has something to match.

    Conditional comments count as the document, for Outlook reads them.
    """
    names = names_in(_STYLE.sub("", html))

    def pruned(style: re.Match[str]) -> str:
        sheet = _kept(_COMMENT.sub("", style[2]), names)
        return f"{style[1]}{sheet}{style[3]}" if sheet else ""

    return _STYLE.sub(pruned, html)


def _kept(sheet: str, names: Names) -> str:
    kept = []
    for head, body in _rules(sheet):
        if body and head.startswith(_NESTING):
            inside = _kept(body, names)
            kept.append(f"{head}{{{inside}}}" if inside else "")
        elif body is None:
            kept.append(head)
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}")
        else:
            matching = [one for one in _selectors(head) if may_match(one, names)]
            tight = _tight(body)
            kept.append(f"{','.join(matching)}{{{tight}}}\n" if matching and tight else "")
    return "".join(kept)


# The sheets of a design are the same in all of its mails.
@lru_cache(maxsize=64)
def _rules(sheet: str) -> Sequence[tuple[str, str | None]]:
    """Return each rule's head and what stands in its braces; None for a statement, without any."""
    rules: list[tuple[str, str | None]] = []
    at = 0
    while at < len(sheet):
        opening = sheet.find("{", at)
        if opening < 0:
            rest = sheet[at:].strip()
            return [*rules, (rest, None)] if rest else rules
        head = sheet[at:opening]
        while ";" in head:
            statement, _, head = head.partition(";")
            rules.append((f"{statement.strip()};", None))
        at = _closing(sheet, opening + 1)
        rules.append((head.strip(), sheet[opening + 1 : at - 1].strip()))
    return rules


def _closing(sheet: str, at: int) -> int:
    """Return the place behind the brace that closes the one before `at`."""
    depth = 1
    for brace in _BRACE.finditer(sheet, at):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            return brace.end()
    return len(sheet)


def _selectors(head: str) -> list[str]:
    # A comma in brackets parts no selectors; ours have none, and one of an own template stays whole.
    return [head] if "(" in head else [" ".join(one.split()) for one in head.split(",")]


def _tight(body: str) -> str:
    declarations = (one.partition(":") for one in body.split(";"))
    return ";".join(
        f"{name.strip()}:{' '.join(value.split()).replace(' !important', '!important')}"
        for name, colon, value in declarations
        if colon
    )
