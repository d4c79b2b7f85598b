"""Code in four colours: Pygments' hundred kinds of tokens become spans of four classes."""

from functools import lru_cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

CLASSES = frozenset({"k", "s", "c", "n"})
# Colour costs about 40 bytes a line, and nobody reads a hundred lines in a mail.
MOST_LINES = 80


def coloured(code: str, language: str) -> str:
    """Return code as HTML: escaped, with spans of class k, s, c or n where the language is known."""
    lexer = _lexer(language) if language and code.count("\n") <= MOST_LINES else None
    if lexer is None:
        return escape(code, quote=False)
    kinds = ((_kind(kind), text) for kind, text in lexer.get_tokens(code))
    parts = []
    for kind, run in groupby(kinds, key=lambda pair: pair[0]):
        text = escape("".join(text for _, text in run), quote=False)
        parts.append(f'<span class="{kind}">{text}</span>' if kind and text.strip() else text)
    return "".join(parts)


@lru_cache(maxsize=32)
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=256)
def _kind(kind: "_TokenType") -> str:
    from pygments.token import Comment, Keyword, Literal, Name, String, is_token_subtype

    classes = (
        (Comment, "c"),
        (String, "s"),
        (Literal, "n"),
        (Keyword, "k"),
        (Name.Tag, "k"),
        (Name.Function, "n"),
        (Name.Class, "n"),
        (Name.Decorator, "n"),
    )
    return next((name for known, name in classes if is_token_subtype(kind, known)), "")
