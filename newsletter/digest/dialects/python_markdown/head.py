"""Python-Markdown's own front matter: `Key: value` lines at the top, ended by an empty one."""

import re
from pathlib import Path

from newsletter.digest.front_matter import FrontMatter, split
from newsletter.errors import PostError

KEY = re.compile(r" {0,3}(?P<key>[A-Za-z0-9_-]+):[ \t]*(?P<value>.*)")
MORE = re.compile(r"(?: {4,}|\t)(?P<value>.*)")
RULE = re.compile(r"-{3}[ \t]*")
END = re.compile(r"(?:-{3}|\.{3})[ \t]*")
MOST_LINES = 200
SEVERAL = ("authors", "tags", "keywords")
# At least one of these is there, or the first line is one of the text that holds a colon.
KNOWN = ("title", "date", "slug", "category", "tags", "author", "authors", "status", "summary")


def split_head(text: str, file: Path) -> FrontMatter:
    """Split a post with such a head, or with YAML; raises PostError.

    Keys come in small letters; the lines that go on a value are its lines.
    """
    if text.lstrip("\n").startswith("---"):
        try:
            return split(text, file)
        except PostError:
            # `Title: One: two` is no YAML, and quite usual here.
            found = _read(text)
            if found is None:
                raise
            return found
    return _read(text) or split(text, file)


def has_head(text: str) -> bool:
    """Return whether a text begins with such a head, and not with YAML."""
    return not text.lstrip("\n").startswith("---") and _read(text) is not None


def _read(text: str) -> FrontMatter | None:
    lines = text.split("\n")
    at = next((number for number, line in enumerate(lines) if line.strip()), 0)
    fenced = RULE.fullmatch(lines[at]) is not None
    at += fenced
    values: dict[str, list[str]] = {}
    key = ""
    while at < min(len(lines), MOST_LINES):
        line = lines[at]
        if not line.strip() or END.fullmatch(line):
            break
        found, more = KEY.fullmatch(line), MORE.fullmatch(line)
        if found:
            key = found["key"].lower()
            values.setdefault(key, []).append(found["value"].strip())
        elif more and key:
            values[key].append(more["value"].strip())
        else:
            return None
        at += 1
    if not values or not any(name in values for name in KNOWN):
        return None
    end = at + (at < len(lines) and END.fullmatch(lines[at]) is not None)
    body = "\n" * end + "\n".join(lines[end:])
    read = {name: _value(name, " ".join(filter(None, parts))) for name, parts in values.items()}
    return FrontMatter(read, body, tuple(lines[:end]))


def _value(name: str, written: str) -> str | list[str]:
    """Return a value; one that names several is a list, parted by semicolons, else by commas."""
    if name not in SEVERAL:
        return written
    parts = written.split(";" if ";" in written else ",")
    return [part.strip() for part in parts if part.strip()]
