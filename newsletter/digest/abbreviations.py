"""Abbreviations as PHP Markdown Extra has them: `*[HTML]: HyperText Markup Language`."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from newsletter.digest.typography import prose

DEFINITION = re.compile(r"\*\[([^\]\n]{1,60})\]:[ \t]*(.*)")
MOST = 200


def abbreviations_plugin(md: MarkdownIt) -> None:
    """Teach a parser abbreviations: `abbr` around each, its long form as `title`."""
    md.block.ruler.before(
        "reference", "abbreviation", _definition, {"alt": ["paragraph", "reference"]}
    )
    md.core.ruler.before("smartquotes", "abbreviations", _abbreviations)


def told_plugin(md: MarkdownIt) -> None:
    """Teach a parser to tell what each `abbr`, also one of raw HTML, stands for where it is first.

    A telephone shows no `title`. Headings are left as they are.
    """
    md.core.ruler.push("abbreviations_told", _tell)


def _tell(state: StateCore) -> None:
    told: set[str] = set()
    for before, token in pairwise(state.tokens):
        if token.type == "inline" and before.type != "heading_open":
            token.children = list(_telling(token.children or [], told))


def _telling(children: Iterable[Token], told: set[str]) -> Iterator[Token]:
    open_titles: list[str] = []
    for child in children:
        yield child
        if child.type == "abbr_open":
            open_titles.append(str(child.attrs.get("title", "")))
        elif child.type == "abbr_close" and (title := open_titles.pop()) and title not in told:
            told.add(title)
            yield Token("text", "", 0, content=f" ({title})")


def _definition(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith("*[", start):
        return False
    found = DEFINITION.fullmatch(state.src[start : state.eMarks[line]])
    if not found or state.is_code_block(line):
        return False
    if not silent:
        known = state.env.setdefault("abbreviations", {})
        if len(known) < MOST:
            known.setdefault(found[1].strip(), found[2].strip())
        state.line = line + 1
    return True


def _abbreviations(state: StateCore) -> None:
    known: dict[str, str] = {
        short: long for short, long in state.env.get("abbreviations", {}).items() if short and long
    }
    if not known:
        return
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    for token in state.tokens:
        if token.type == "inline":
            token.children = _marked(token.children or [], pattern, known)


def _marked(children: list[Token], pattern: re.Pattern[str], known: dict[str, str]) -> list[Token]:
    marked: list[Token] = []
    words = {id(child) for child in prose(children)}
    for child in children:
        if id(child) in words:
            marked += _cut(child, pattern, known)
        else:
            marked.append(child)
    return marked


def _cut(text: Token, pattern: re.Pattern[str], known: dict[str, str]) -> list[Token]:
    pieces: list[Token] = []
    at = 0
    for found in pattern.finditer(text.content):
        pieces += [
            Token("text", "", 0, content=text.content[at : found.start()]),
            Token("abbr_open", "abbr", 1, {"title": known[found[0]]}),
            Token("text", "", 0, content=found[0]),
            Token("abbr_close", "abbr", -1),
        ]
        at = found.end()
    text.content = text.content[at:]
    return [one for one in (*pieces, text) if one.type != "text" or one.content]
