"""Markdown to tokens, parsed once, with the extensions that Hugo's Goldmark has on."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from newsletter.digest.abbreviations import abbreviations_plugin, told_plugin
from newsletter.digest.alerts import alerts_plugin
from newsletter.digest.containers import containers_plugin
from newsletter.digest.definitions import definitions_plugin
from newsletter.digest.emoji import emoji_plugin
from newsletter.digest.fences import fences_plugin
from newsletter.digest.maths import maths_plugin
from newsletter.digest.pairs import marked_plugin, raised_plugin
from newsletter.digest.quotes import quotes
from newsletter.digest.raw_html import raw_html_plugin
from newsletter.digest.typography import typography_plugin

# Deeper lists and quotes are drawn by no mail client, and deep nesting is where parsing gets slow.
DEEPEST = 20
# Within one paragraph, what is not closed costs the square of the paragraph's length.
LONGEST_RUN = 30_000
MOST_UNCLOSED = 300
BRACKET = re.compile(r"[\[\]]")
ATTRIBUTES = ("id", "class", "width", "height", "alt", "title")
HEADING_ATTRIBUTES = re.compile(r":?[ \t]*(?:[#.]|[\w-]+=)[^{}]*\}")


class TooLong(ValueError):
    """A paragraph that cannot be parsed in good time: what it has, and its line (from 1)."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Flavour:
    """Where generators read Markdown differently; the defaults are those of most of them."""

    indented_code: bool = True
    # `H~2~O` and `x^2^` stand below and above the line.
    raised: bool = False


USUAL = Flavour()


def parse(
    body: str, flavour: Flavour = USUAL, language: str = ""
) -> tuple[list[Token], dict[str, Any]]:
    """Return a body's block tokens, and the environment with the inline notes (`^[…]`).

    Straight quotation marks become those of the language, English ones where it is not known.
    Raises TooLong.
    """
    env: dict[str, Any] = {}
    return _parser(flavour, tuple(quotes(language))).parse(body, env), env


def _refuse_long_runs(state: StateCore) -> None:
    """Refuse a paragraph, an item or a cell that is too long to be looked at for its marks."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        words, first = token.content, token.map[0] + 1 if token.map else 1
        if len(words) > LONGEST_RUN:
            line = first + words.count("\n", 0, LONGEST_RUN)
            raise TooLong(f"more than {LONGEST_RUN:,} characters without an empty line", line)
        if words.count("[") > MOST_UNCLOSED:
            _refuse_unclosed(words, first)


def _refuse_unclosed(words: str, first: int) -> None:
    unclosed = 0
    for bracket in BRACKET.finditer(words):
        unclosed = unclosed + 1 if bracket[0] == "[" else max(0, unclosed - 1)
        if unclosed > MOST_UNCLOSED:
            line = first + words.count("\n", 0, bracket.start())
            raise TooLong(f"more than {MOST_UNCLOSED} brackets that nothing closes", line)


@lru_cache
def _parser(flavour: Flavour, marks: tuple[str, ...]) -> MarkdownIt:
    options = {"typographer": True, "maxNesting": DEEPEST, "quotes": marks}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough", "smartquotes"])
    parser.use(footnote_plugin, move_to_end=False)
    parser.use(definitions_plugin).use(tasklists_plugin).use(attrs_plugin, allowed=ATTRIBUTES)
    parser.use(containers_plugin).use(alerts_plugin)
    parser.use(fences_plugin).use(maths_plugin).use(marked_plugin)
    if flavour.raised:
        parser.use(raised_plugin)
    if not flavour.indented_code:
        parser.disable("code")
    parser.core.ruler.before("inline", "heading_attributes", _heading_attributes)
    parser.core.ruler.before("inline", "long_runs", _refuse_long_runs)
    # Each of them sees what the one before it made of the words.
    parser.use(typography_plugin).use(emoji_plugin).use(abbreviations_plugin).use(raw_html_plugin)
    parser.use(told_plugin)
    return parser


def _heading_attributes(state: StateCore) -> None:
    """Take `{#id .class}` from the end of a heading, as Goldmark does; an id is kept."""
    for opening, inline in pairwise(state.tokens):
        if opening.type == "heading_open" and inline.content.rstrip().endswith("}"):
            words, _, attributes = inline.content.rstrip().rpartition("{")
            if HEADING_ATTRIBUTES.fullmatch(attributes):
                inline.content = words.rstrip()
                named = re.search(r"#([^\s#.}]+)", attributes)
                if named:
                    opening.attrs["id"] = named[1]
