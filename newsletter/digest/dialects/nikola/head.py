"""Nikola's metadata: `.. title: …` lines in a comment at the top, or in a `.meta` file beside it."""

import re
from pathlib import Path
from typing import Any

from newsletter.digest.dialects.python_markdown.head import split_head
from newsletter.digest.front_matter import FrontMatter
from newsletter.digest.site_files import read_site_file

FIELD = re.compile(r"[ \t]*\.\.[ \t]+(?P<key>[\w -]+):[ \t]*(?P<value>.*)")
OPENING = re.compile(r"[ \t]*<!--[ \t]*")
CLOSING = re.compile(r"(?P<before>.*?)-->[ \t]*")
SEVERAL = ("tags",)
MOST_LINES = 200


def split_metadata(text: str, file: Path) -> FrontMatter:
    """Split a post with such a comment, with YAML, or with a file of its own; raises PostError."""
    found = _read(text)
    if found is not None:
        return found
    beside = read_site_file(file.parent, f"{file.stem}.meta")
    told = _read(beside) if beside else None
    return FrontMatter(told.values, text) if told else split_head(text, file)


def has_metadata(text: str) -> bool:
    """Return whether a text begins with such a comment."""
    return _read(text) is not None


def _read(text: str) -> FrontMatter | None:
    lines = text.split("\n")
    at = next((number for number, line in enumerate(lines) if line.strip()), 0)
    commented = OPENING.fullmatch(lines[at]) is not None
    at += commented
    values: dict[str, Any] = {}
    while at < min(len(lines), MOST_LINES):
        line = lines[at]
        end = CLOSING.fullmatch(line) if commented else None
        field = FIELD.fullmatch(end["before"] if end else line)
        if field:
            values[field["key"].strip().lower()] = _value(field["key"], field["value"].strip())
        if end or (not field and line.strip()):
            break
        at += 1
        if not commented and at < len(lines) and not lines[at].strip():
            break
    if "title" not in values and "slug" not in values:
        return None
    if commented:
        at += 1
    return FrontMatter(values, "\n" * at + "\n".join(lines[at:]), tuple(lines[:at]))


def _value(key: str, written: str) -> Any:
    if key.strip().lower() in SEVERAL:
        return [part.strip() for part in written.split(",") if part.strip()]
    return written
