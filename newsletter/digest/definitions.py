"""Definition lists whose definitions have several terms, as PHP Markdown Extra and its kin read them.

    Tide
    Ebb
    : What the sea does twice a day.

https://michelf.ca/projects/php-markdown/extra/#def-list
"""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

# Whether there is any definition at all; most posts are done with this one look.
ANY = re.compile(r"\n[ \t>]*[:~][ \t]")
DEFINITION = re.compile(r"[:~][ \t]")
# A line that begins a block of its own is no term.
NO_TERM = re.compile(r"[-+*>#|<:~`=]|\d+[.)]|\[\^")
MOST_TERMS = 8
LONGEST_TERM = 80


def definitions_plugin(md: MarkdownIt) -> None:
    """Teach a parser definition lists."""
    md.use(deflist_plugin)
    (rule,) = (one for one in md.block.ruler.__rules__ if one.name == "deflist")
    md.block.ruler.at("deflist", _with_terms(rule.fn), {"alt": rule.alt})


def _with_terms(
    deflist: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    def definitions(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        if "definitions" not in state.env:
            state.env["definitions"] = ANY.search(state.src) is not None
        if not state.env["definitions"]:
            return False
        last = line if silent else _last_term(state, line, end)
        opened = len(state.tokens)
        if not deflist(state, last, end, silent):
            return False
        if last > line:
            opening = state.tokens[opened]
            opening.map = [line, state.line]
            terms = [one for at in range(line, last) for one in _term(state, at, opening.level)]
            state.tokens[opened + 1 : opened + 1] = terms
        return True

    return definitions


def _last_term(state: StateBlock, line: int, end: int) -> int:
    """Return the line of the last of the terms that begin here; the line itself without more."""
    for at in range(line, min(end, line + MOST_TERMS + 1)):
        source = state.src[state.bMarks[at] + state.tShift[at] : state.eMarks[at]]
        if at > line and DEFINITION.match(source):
            return at - 1
        if not source or len(source) > LONGEST_TERM or NO_TERM.match(source):
            break
        if state.sCount[at] < state.blkIndent or state.is_code_block(at):
            break
    return line


def _term(state: StateBlock, line: int, level: int) -> list[Token]:
    words = state.getLines(line, line + 1, state.blkIndent, False).strip()
    lines = [line, line + 1]
    return [
        Token("dt_open", "dt", 1, map=lines, level=level + 1, block=True),
        Token("inline", "", 0, content=words, children=[], map=lines, level=level + 2, block=True),
        Token("dt_close", "dt", -1, level=level + 1, block=True),
    ]
