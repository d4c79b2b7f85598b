"""Writes the parts of a formula as inline tokens."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from newsletter.digest.maths.parts import Part
from newsletter.digest.maths.reading import read

BLANKS = re.compile(r"[ \t\n]+")
OPENING = ("(", "[", "{", "⟨", "⌊", "⌈", "/", "√", ",", ";")
# Stand before a number as well as between two.
SIGNS = ("+", "\u2212", "±", "∓")


def formula(tex: str) -> list[Token]:
    """Return TeX as inline tokens: words, `var` around letters, `sup` and `sub`."""
    parts = read(tex)
    while parts and parts[-1].kind == "break":
        parts.pop()
    return _tidied(_tokens(parts, tight=False))


def _tokens(parts: Sequence[Part], *, tight: bool) -> list[Token]:
    tokens: list[Token] = []
    before: Part | None = None
    for part in parts:
        if part.kind == "break":
            tokens.append(Token("hardbreak", "br", 0))
            before = None
            continue
        if before is not None and not tight and _is_parted(before, part):
            tokens.append(_text(" "))
        tokens += _written(part, before, tight=tight)
        if part.kind not in ("sup", "sub"):
            before = part
    return tokens


def _written(part: Part, before: Part | None, *, tight: bool) -> list[Token]:
    if part.kind in ("sup", "sub"):
        return _marked(part.kind, _tokens(part.parts, tight=True))
    if part.kind == "var":
        return _marked("var", [_text(part.text)])
    if part.kind == "op" and not tight and not _is_sign(part, before):
        return [_text(f" {part.text} ")]
    return [_text(part.text), *_tokens(part.parts, tight=tight)]


def _is_sign(part: Part, before: Part | None) -> bool:
    """Return whether an operator has nothing on its left: `-1`, `(-x)`, `= -2`."""
    if part.text not in SIGNS:
        return False
    return before is None or before.kind == "op" or before.text.rstrip().endswith(OPENING)


def _is_parted(before: Part, part: Part) -> bool:
    """Return whether a blank keeps two things apart that would be read as one."""
    if part.kind in ("sup", "sub", "op") or before.kind == "op":
        return False
    if before.kind == "word":
        return part.kind != "text" or part.text[:1].isalnum()
    return part.kind == "word" and (before.kind == "var" or before.text[-1:].isalnum())


def _marked(tag: str, inside: list[Token]) -> list[Token]:
    if not inside:
        return []
    return [Token(f"{tag}_open", tag, 1), *inside, Token(f"{tag}_close", tag, -1)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _tidied(tokens: list[Token]) -> list[Token]:
    """Return tokens whose neighbours of one kind are one, with single blanks between words."""
    tidied: list[Token] = []
    for token in tokens:
        if token.type == "text" and tidied and tidied[-1].type == "text":
            tidied[-1].content += token.content
        elif token.type == "var_open" and tidied and tidied[-1].type == "var_close":
            tidied.pop()
        else:
            tidied.append(token)
    for place, token in enumerate(tidied):
        if token.type == "text":
            token.content = BLANKS.sub(" ", token.content)
            is_first = place == 0 or tidied[place - 1].type == "hardbreak"
            is_last = place == len(tidied) - 1 or tidied[place + 1].type == "hardbreak"
            token.content = token.content.lstrip(" ") if is_first else token.content
            token.content = token.content.rstrip(" ") if is_last else token.content
    return [token for token in tidied if token.type != "text" or token.content]
