"""Bare addresses become links; dashes and ellipses are set as Goldmark sets them."""

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

BARE_URL = re.compile(r"(?<![\w/])https?://[^\s<>\"”“]+", re.IGNORECASE)
URL_TAIL = "?!.,:;*_~'\u2019\")]}"
DASHES = (("...", "…"), ("---", "—"), ("--", "\u2013"))


def typography_plugin(md: MarkdownIt) -> None:
    """Teach a parser bare addresses, dashes and ellipses; quotes are its own rule's."""
    md.core.ruler.before("smartquotes", "bare_links", _bare_links)
    md.core.ruler.before("smartquotes", "dashes", _dashes)


def prose(children: Iterable[Token]) -> Iterator[Token]:
    """Yield the words of a paragraph that are no address written out."""
    in_address = 0
    for child in children:
        if child.info == "auto":
            in_address += child.nesting
        if child.type == "text" and not in_address:
            yield child


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
        for child in prose(token.children or ()):
            for written, drawn in DASHES:
                child.content = child.content.replace(written, drawn)
