"""GitHub's alerts and Obsidian's callouts: a quote that begins with `[!NOTE]` is a box."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from newsletter.digest.containers import admonition, title_tokens

MARK = re.compile(r"\[!([A-Za-z][\w-]*)\][+-]?[ \t]*([^\n]*)(?:\n|$)")


def alerts_plugin(md: MarkdownIt) -> None:
    """Teach a parser alerts.

    https://docs.github.com/en/get-started/writing-on-github: five kinds, each alone on its line.
    Obsidian has more of them, titles, and a sign for a fold.
    """
    md.core.ruler.before("inline", "alerts", _alerts)


def _alerts(state: StateCore) -> None:
    if "[!" not in state.src:
        return
    tokens: list[Token] = []
    open_quotes: list[str] = []
    at = 0
    while at < len(state.tokens):
        token = state.tokens[at]
        at += 1
        tokens.append(token)
        if token.type == "blockquote_open":
            open_quotes.append("")
            found = MARK.match(_first_words(state.tokens, at))
            if found:
                open_quotes[-1], title = admonition(found[1], found[2])
                token.type, token.info = "container_open", open_quotes[-1]
                tokens += title_tokens(title, token.level + 1, token.map)
                at = _without_mark(state.tokens, at, found.end())
        elif token.type == "blockquote_close" and (kind := open_quotes.pop()):
            token.type, token.info = "container_close", kind
    state.tokens = tokens


def _first_words(tokens: list[Token], at: int) -> str:
    return tokens[at + 1].content if tokens[at].type == "paragraph_open" else ""


def _without_mark(tokens: list[Token], at: int, end: int) -> int:
    """Take the mark out of a quote's first paragraph; return where its blocks go on."""
    inline = tokens[at + 1]
    inline.content = inline.content[end:]
    if inline.map:
        inline.map = [inline.map[0] + 1, inline.map[1]]
    return at if inline.content.strip() else at + 3
