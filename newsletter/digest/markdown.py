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
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from newsletter.digest.alerts import alerts_plugin
from newsletter.digest.containers import containers_plugin
from newsletter.digest.quotes import quotes
from newsletter.digest.raw_html import raw_html_plugin

# Deeper lists and quotes are drawn by no mail client, and deep nesting is where parsing gets slow.
DEEPEST = 20
# Within one paragraph, what is not closed costs the square of the paragraph's length.
LONGEST_RUN = 30_000
MOST_UNCLOSED = 300
BRACKET = re.compile(r"[\[\]]")
ATTRIBUTES = ("id", "class", "width", "height", "alt", "title")
HEADING_ATTRIBUTES = re.compile(r":?[ \t]*(?:[#.]|[\w-]+=)[^{}]*\}")
BARE_URL = re.compile(r"(?<![\w/])https?://[^\s<>\"”“]+", re.IGNORECASE)
URL_TAIL = "?!.,:;*_~'\u2019\")]}"
DASHES = (("...", "…"), ("---", "—"), ("--", "\u2013"))


class TooLong(ValueError):
    """A paragraph that cannot be parsed in good time: what it has, and its line (from 1)."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Flavour:
    """Where generators read Markdown differently; the defaults are those of most of them."""

    indented_code: bool = True


USUAL = Flavour()


def parse(
    body: str, flavour: Flavour = USUAL, language: str = ""
) -> tuple[list[Token], dict[str, Any]]:
    """Return a body's block tokens, and the environment with the inline notes (`^[…]`).

    Straight quotation marks become those of the language, English ones where it is not known.
    Raises TooLong.
    """
    _refuse_long_runs(body)
    env: dict[str, Any] = {}
    return _parser(flavour, tuple(quotes(language))).parse(body, env), env


def _refuse_long_runs(body: str) -> None:
    run = unclosed = 0
    for number, line in enumerate(body.split("\n"), 1):
        if not line.strip():
            run = unclosed = 0
            continue
        run += len(line) + 1
        for bracket in BRACKET.findall(line):
            unclosed = unclosed + 1 if bracket == "[" else max(0, unclosed - 1)
        if run > LONGEST_RUN:
            raise TooLong(f"more than {LONGEST_RUN:,} characters without an empty line", number)
        if unclosed > MOST_UNCLOSED:
            raise TooLong(f"more than {MOST_UNCLOSED} brackets that nothing closes", number)


@lru_cache
def _parser(flavour: Flavour, marks: tuple[str, ...]) -> MarkdownIt:
    options = {"typographer": True, "maxNesting": DEEPEST, "quotes": marks}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough", "smartquotes"])
    parser.use(footnote_plugin, move_to_end=False)
    parser.use(deflist_plugin).use(tasklists_plugin).use(attrs_plugin, allowed=ATTRIBUTES)
    parser.use(containers_plugin).use(alerts_plugin)
    if not flavour.indented_code:
        parser.disable("code")
    parser.core.ruler.before("inline", "heading_attributes", _heading_attributes)
    parser.core.ruler.before("smartquotes", "bare_links", _bare_links)
    parser.core.ruler.before("smartquotes", "dashes", _dashes)
    parser.use(raw_html_plugin)
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


def _bare_links(state: StateCore) -> None:
    """Make links of bare web addresses; of nothing fuzzier, or `main.py` would become one."""
    for token in state.tokens:
        if token.type == "inline" and "://" in token.content:
            token.children = _linked(token.children or [], state.md)


def _linked(children: list[Token], md: MarkdownIt) -> list[Token]:
    linked: list[Token] = []
    depth = 0
    for child in children:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "text" and not depth and "://" in child.content:
            linked += _cut_at_links(child, md)
        else:
            linked.append(child)
    return linked


def _cut_at_links(text: Token, md: MarkdownIt) -> list[Token]:
    parts: list[Token] = []
    at = 0
    for found in BARE_URL.finditer(text.content):
        url = _without_tail(found[0])
        if not md.validateLink(url) or url.endswith("://"):
            continue
        parts.append(_text(text.content[at : found.start()], text.level))
        opening = Token("link_open", "a", 1, {"href": md.normalizeLink(url)}, level=text.level)
        closing = Token("link_close", "a", -1, level=text.level)
        opening.info = closing.info = "auto"
        opening.markup = closing.markup = "linkify"
        parts += [opening, _text(url, text.level + 1), closing]
        at = found.start() + len(url)
    parts.append(_text(text.content[at:], text.level))
    return [part for part in parts if part.type != "text" or part.content]


def _without_tail(url: str) -> str:
    """Leave the punctuation after an address to the sentence; a paired bracket belongs to it."""
    while url and url[-1] in URL_TAIL:
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


def _dashes(state: StateCore) -> None:
    """Set ellipses and dashes as Goldmark does; markdown-it's own rule also makes (c) a ©."""
    for token in state.tokens:
        if token.type != "inline" or not ("--" in token.content or "..." in token.content):
            continue
        in_auto = 0
        for child in token.children or ():
            if child.info == "auto":
                in_auto += child.nesting
            if child.type == "text" and not in_auto:
                for written, drawn in DASHES:
                    child.content = child.content.replace(written, drawn)
