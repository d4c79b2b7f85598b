"""A person's name as strangers type it: one line, short, and no advertisement."""

import re

LONGEST = 100
# What a mail client would make a link of. An initial ("J.R. Smith") is none.
_LINK = re.compile(r"://|\bwww\.|\w@\w|\b[\w-]{2,}\.[a-z]{2,}/", re.IGNORECASE)


def tidy(name: str) -> str:
    """Return a name on one line, at most 100 characters; one that holds a link is dropped.

    A form that anybody can fill in for anybody must not carry their links in our letters (RULES
    S-4). So is one of which a letter was lost (U+FFFD). Control characters and invisible ones, which could turn the text around, become spaces.
    """
    # Far more than is kept, and little enough to look at.
    name = name[:1000]
    if not name.isprintable():
        name = "".join(char if char.isprintable() else " " for char in name)
    line = " ".join(name.split())
    if "\ufffd" in line:
        return ""
    # Most names have none of these, and an import reads a million of them.
    if ("." in line or "@" in line or "/" in line) and _LINK.search(line):
        return ""
    return line[:LONGEST].rstrip()
