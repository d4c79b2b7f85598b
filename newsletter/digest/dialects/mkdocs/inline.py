"""Small marks of Python-Markdown's extensions: attribute lists, keys, icons, critic marks.

https://python-markdown.github.io/extensions/attr_list/,
https://facelessuser.github.io/pymdown-extensions/
"""

import re

from newsletter.digest.author_text import HIDDEN_CODE
from newsletter.digest.dialects.attributes import Attributes, read_attributes

ATTRIBUTES = re.compile(r"[ \t]?\{:?[ \t]*([^{}\n]{1,400})\}")
ALONE = re.compile(r"[ \t>]*\{:?[ \t]*([^{}\n]{1,400})\}[ \t]*")
PICTURE = re.compile(r"!\[[^\[\]\n]{0,600}\]\([^()\n]{0,800}\)$")
LONGEST_PICTURE = 1_400
SIZE = re.compile(r"\d{1,4}(?:px)?|\d{1,3}%")
# Python-Markdown takes an address with blanks for one.
BLANKS = re.compile(r"(?<=\]\()[ \t]*([^()<>\n\"']{1,400}?)[ \t]*(?=\)|[ \t][\"'][^\n]{0,400}\))")
KEYS = re.compile(
    r"(?<![\w+])\+\+(?=[\w\"'])((?:[\w-]{1,30}|\"[^\"\n]{1,40}\")(?:\+(?:[\w-]{1,30}|\"[^\"\n]{1,40}\")){0,6})\+\+(?!\+)"
)
ICON = re.compile(r":(?:material|fontawesome|octicons|simple)-[a-z0-9-]{1,80}:[ \t]?")
CRITIC = re.compile(
    r"\{(?:--(?P<del>[^{}]{1,800}?)--|\+\+(?P<ins>[^{}]{1,800}?)\+\+|==(?P<mark>[^{}]{1,800}?)==|"
    r"~~(?P<old>[^{}~]{0,800})~>(?P<new>[^{}~]{0,800})~~|>>(?P<note>[^{}]{1,800}?)<<)\}"
)
MARKS = (
    (re.compile(r"(?<![=\w])==(?=\S)([^=\n]{1,400})(?<=\S)==(?![=\w])"), r"<mark>\1</mark>"),
    (re.compile(r"(?<!\^)\^\^(?=\S)([^^\n]{1,400})(?<=\S)\^\^(?!\^)"), r"<ins>\1</ins>"),
    (re.compile(r"(?<![\^\[\\])\^([^\^\s\[\]]{1,80})\^(?!\^)"), r"<sup>\1</sup>"),
    (re.compile(r"(?<![~\\])~([^~\s]{1,80})~(?!~)"), r"<sub>\1</sub>"),
)


def lift_inline(text: str) -> str:
    """Return text, whose code is hidden, with the small marks as Markdown or HTML."""
    if "{" in text:
        text = CRITIC.sub(_critic, text)
        text = "\n".join(map(_without_attributes, text.split("\n")))
    if "++" in text:
        text = KEYS.sub(_keys, text)
    if "](" in text:
        text = BLANKS.sub(lambda found: found[1].replace(" ", "%20"), text)
    for pattern, written in MARKS:
        text = pattern.sub(written, text)
    return ICON.sub("", text) if ":" in text else text


def _critic(found: re.Match[str]) -> str:
    if found["old"] is not None:
        return f"<del>{found['old']}</del><ins>{found['new']}</ins>"
    if found["note"] is not None:
        return f" ({found['note'].strip()})"
    tag = str(found.lastgroup)
    return f"<{tag}>{found[tag]}</{tag}>"


def _without_attributes(line: str) -> str:
    if "{" not in line:
        return line
    alone = ALONE.fullmatch(line)
    if alone and _read(alone[1]):
        return ""
    is_heading = line.lstrip(" >").startswith("#")

    def attributes(found: re.Match[str]) -> str:
        read = _read(found[1])
        before = line[found.start() - 1 : found.start()]
        if read is None or not (before in (")", "]", "*", "_", ":", HIDDEN_CODE) or is_heading):
            return found[0]
        if is_heading:
            return f" {{#{read.id}}}" if read.id else ""
        picture = line[max(0, found.start() - LONGEST_PICTURE) : found.start()]
        return _sizes(read) if before == ")" and PICTURE.search(picture) else ""

    return ATTRIBUTES.sub(attributes, line)


def _read(source: str) -> Attributes | None:
    """Return an attribute list; None for braces of another kind."""
    read = read_attributes(source)
    if read is None or not (read.id or read.classes or read.values):
        return read if read and read.words == ("data-preview",) else None
    return read


def _sizes(read: Attributes) -> str:
    sizes = [
        f'{name}="{value.removesuffix("px")}"'
        for name in ("width", "height")
        if SIZE.fullmatch(value := read.values.get(name, ""))
    ]
    return f"{{{' '.join(sizes)}}}" if sizes else ""


def _keys(found: re.Match[str]) -> str:
    return "+".join(f"<kbd>{_key(key)}</kbd>" for key in found[1].split("+"))


def _key(name: str) -> str:
    return name.strip('"').replace("-", " ").title()
