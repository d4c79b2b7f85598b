"""The text part as format=flowed, and what a reader sees who never heard of it (RFC 3676).

A line that ends in one space goes on in the next; every other is fixed. A space before a line
keeps it from being read as a quote, or as what it is not. No DelSp: see decision 0010.
"""

import re
from collections.abc import Sequence

# RFC 3676 §4.3: this very line, blank included, tells a reader where the footer begins.
SIGNATURE = "-- "
# §4.4; and what stands for a merge field, because nobody knows what its value begins with.
_STUFFED = re.compile("[ >\U00100000-\U0010fffd]|From ")


def stuffed(block: Sequence[str]) -> list[str]:
    """Return a block of lines, a space before each when one of them needs it (§4.4).

    Before all of them, so that who ignores the format still sees columns and hanging lines right.
    """
    if not any(map(_STUFFED.match, block)):
        return list(block)
    return [f" {line}" if line else "" for line in block]


def quoted(lines: Sequence[str]) -> list[str]:
    """Return flowed lines as a quote of them; a quote within one gets a second mark (§4.5)."""
    return [f">{line}" if line[:1] in ("", ">", " ") else f"> {line}" for line in lines]


def fixed(text: str) -> str:
    """Return a flowed text as its lines look where nobody joins them, without blanks at ends."""
    return "\n".join(map(_seen, text.split("\n")))


def _seen(line: str) -> str:
    return line if line == SIGNATURE else line.removeprefix(" ").rstrip(" ")
