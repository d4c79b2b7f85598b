"""What an author writes can be no slot and no hole: both are ours to set."""

import re
from collections.abc import Iterable
from typing import Any

from markdown_it.token import Token

# The host of every slot; RFC 2606 keeps `.invalid` free, so no real link is lost.
# Soft hyphens and the like do not hide it: a writer that drops them would put it together again.
SLOT_HOST = re.compile("[\u00ad\u200b\u2060]*".join(map(re.escape, "slot.invalid")), re.IGNORECASE)
# Colours of a terminal, pasted with its output; then whatever else is no letter, blank or line.
TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
UNFIT = str.maketrans(
    {"\ue000": "\ufffd", "\ue001": "\ufffd"}
    # Between reading and parsing these mark what a dialect understood (containers.py).
    | {chr(code): None for code in range(0xE010, 0xE020)}
    | {chr(code): None for code in (*range(9), *range(14, 32), 127, 0xFEFF, 0xFFFE, 0xFFFF)}
    # Python, and mail programs, take these for line ends.
    | dict.fromkeys("\x0b\x0c\x85\u2028\u2029", " ")
)
# Most texts hold none of these, and are done with one look.
UNUSUAL = re.compile(r"[^\t\n\x20-\x7e]|slot\.invalid", re.IGNORECASE)
CONTAINER_OPENING, CONTAINER_TITLE, CONTAINER_CLOSING = "\ue010", "\ue011", "\ue012"
# A line end that a dialect added, and what stands for code while it looks at the prose.
ADDED_LINE, HIDDEN_CODE = "\ue018", "\ue019"
MOST_VALUES = 10_000
DEEPEST = 40


class TooMuch(ValueError):
    """Front matter whose values are too many or too deep to walk (an alias bomb, a loop)."""


def neutral(text: str) -> str:
    """Return the text with no slot's host, no hole's mark and no control character left in it."""
    if text.isascii() and not UNUSUAL.search(text):
        return text
    return SLOT_HOST.sub("slot.example", TERMINAL.sub("", text).translate(UNFIT))


def neutral_tokens(tokens: Iterable[Token]) -> None:
    """Make tokens neutral in place: entities and escapes are resolved only while parsing."""
    for token in tokens:
        token.content = neutral(token.content)
        token.info = neutral(token.info)
        for name, value in token.attrs.items():
            if isinstance(value, str):
                token.attrs[name] = neutral(value)
        neutral_tokens(token.children or ())


def neutral_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return parsed front matter with every string in it neutral; raises TooMuch."""
    left = MOST_VALUES

    def walk(value: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > DEEPEST:
            raise TooMuch
        if isinstance(value, str):
            return neutral(value)
        if isinstance(value, dict):
            return {neutral(str(key)): walk(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list | tuple | set):
            return [walk(inner, depth + 1) for inner in value]
        return value

    return {neutral(str(key)): walk(value, 1) for key, value in values.items()}
