"""Marks in pairs that CommonMark has not: `==marked==`, and where a generator has them `H~2~O`, `x^2^`."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# A longer run is two signs that have nothing to do with each other.
LONGEST = 400
MARKED = re.compile(r"==(?=[^\s=])((?:\\.|[^=\n\\]|=(?!=)|\n(?!\n))+?)(?<![\s\\])==(?!=)")
# Nothing with a blank in it, as Pandoc has it: a lone tilde is “about”.
LOWERED = re.compile(r"~((?:\\[ ~]|[^\s~\\])+)~(?!~)")
RAISED = re.compile(r"\^(?!\[)((?:\\[ ^]|[^\s^\\])+)\^")
# An escaped one is a word.
BRACKET = re.compile(r"\\.|[\[\]]")


def marked_plugin(md: MarkdownIt) -> None:
    """Teach a parser `==marked==`."""
    md.inline.ruler.before("emphasis", "marked", _Pair("=", MARKED, "mark"))


def raised_plugin(md: MarkdownIt) -> None:
    """Teach a parser what stands below and above the line."""
    md.inline.ruler.before("strikethrough", "lowered", _Pair("~", LOWERED, "sub"))
    md.inline.ruler.before("emphasis", "raised", _Pair("^", RAISED, "sup"))


class _Pair:
    """The rule for one mark."""

    def __init__(self, sign: str, pattern: re.Pattern[str], tag: str) -> None:
        self._sign = sign
        self._pattern = pattern
        self._tag = tag

    def __call__(self, state: StateInline, silent: bool) -> bool:
        """Read a pair of marks and what stands between them."""
        start = state.pos
        before = state.src[start - 1 : start]
        if state.src[start] != self._sign or before == self._sign:
            return False
        if self._tag == "mark" and before.isascii() and before.isalnum():
            # A comparison, `a==b`.
            return False
        end = min(state.posMax, start + LONGEST)
        found = self._pattern.match(state.src, start, end)
        if not found or _ends_a_link(found[1]):
            return False
        if not silent:
            self._write(state, found)
        state.pos = found.end()
        return True

    def _write(self, state: StateInline, found: re.Match[str]) -> None:
        last = state.posMax
        state.push(f"{self._tag}_open", self._tag, 1)
        state.pos, state.posMax = found.start(1), found.end(1)
        state.md.inline.tokenize(state)
        state.posMax = last
        state.push(f"{self._tag}_close", self._tag, -1)


def _ends_a_link(inside: str) -> bool:
    """Return whether the words of a link that began before end between two marks."""
    opened = 0
    for bracket in BRACKET.findall(inside):
        opened += {"[": 1, "]": -1}.get(bracket, 0)
        if opened < 0:
            return True
    return False
