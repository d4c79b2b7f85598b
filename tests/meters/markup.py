"""Markdown and HTML taken off a text by passes that move no line: links, pictures, code, words."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.meters.words import Word, texts, words

ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SILENT = re.compile(r"<(script|style|svg|noscript)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*)((?:\"[^\"]*\"|'[^']*'|[^'\"<>])*)>", re.DOTALL)
ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.DOTALL)
FIGCAPTION = re.compile(r"(<figcaption[^>]*>)(.*?)(</figcaption>)", re.DOTALL | re.IGNORECASE)
DESTINATION = (
    r"\(\s*(?:<([^<>\n]*)>|((?:[^\s()<>]|\([^\s()]*\))*))(?:\s+(\"[^\"]*\"|'[^']*'))?\s*\)"
)
IMAGE = re.compile(r"!\[((?:[^\[\]]|\[[^\]]*\])*)\]" + DESTINATION, re.DOTALL)
LINK = re.compile(r"\]" + DESTINATION, re.DOTALL)
DEFINITION = re.compile(
    r"^ {0,3}(?:>[ \t]*)?\[([^\]^][^\]]*)\]:[ \t]*\n?[ \t]*<?([^\s<>]+)>?[ \t]*(?:[\"'(].*[\"')])?[ \t]*$",
    re.MULTILINE,
)
REFERENCE = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])+)\](?:\[([^\]]*)\])?(?!\()", re.DOTALL)
AUTOLINK = re.compile(r"<((?:https?|mailto):[^\s<>]+)>", re.IGNORECASE)
BARE = re.compile(r"(?<![\w/])https?://[^\s<>\"\ue05d\u3000-\u303f\uff00-\uffef]+", re.IGNORECASE)
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)$", re.MULTILINE)
ATTRIBUTES = re.compile(r"(?<=[\])*`\w\ue000-\ue0ff])[ \t]?\{[:#.][^{}\n]*\}")
LIST_NUMBER = re.compile(r"^([ \t>]*(?:[-*+][ \t]+)?)\d{1,9}[.)](?=[ \t])", re.MULTILINE)
ABBREVIATION = re.compile(r"^\*\[[^\]]+\]:.*$", re.MULTILINE)
MATHS = re.compile(r"\$\$.+?\$\$|(?<![\w$])\$(?=[^\s\d$])[^$\n]+?(?<=\S)\$(?![\w$])", re.DOTALL)
NOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")
SCRIPT = re.compile(r"(?<=[\w)])([~^])([^\s~^]{1,20})\1")
EMOJI = re.compile(r"(?<![\w:]):[a-z0-9_+-]*[a-z][a-z0-9_+-]*:(?![\w:])")
TABLE_HEAD = re.compile(r"^([^\n|]*\|[^\n]*)\n[ \t>]*\|?[ \t]*:?-+:?[ \t]*\|", re.MULTILINE)
TASK = re.compile(r"^([ \t>]*[-*+][ \t]+)\[[ xX]\](?=[ \t])", re.MULTILINE)
# Tags that stand within a word; any other parts words.
# fmt: off
INLINE = frozenset((
    "a", "abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
))
# fmt: on
TAIL = ".,;:!?'*_~"
EMBEDS = ("iframe", "embed", "video", "audio", "source")


@dataclass(frozen=True, slots=True)
class Link:
    """Where the author leads readers, as written, and the line."""

    url: str
    line: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the post: `words` are those that describe it (alternative, title, caption)."""

    src: str
    words: str
    line: int
    is_cover: bool = False


@dataclass(slots=True)
class Reading:
    """One text on its way to plain words; each pass blanks what it took and keeps the lines."""

    text: str
    definitions: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    aside: list[Word] = field(default_factory=list)
    # What may be shown and is not asked for: addresses that are their own labels, formulas, what
    # an abbreviation means; the head of a wide table, which becomes records in a text.
    spare: list[str] = field(default_factory=list)

    @staticmethod
    def definitions_of(text: str) -> dict[str, str]:
        """Return where the labels of reference links lead."""
        found = ((_label(one[1]), one[2]) for one in DEFINITION.finditer(COMMENT.sub(_lines, text)))
        return dict(reversed(list(found)))

    def take(self, pattern: re.Pattern[str], into: Callable[[re.Match[str], int], str]) -> None:
        """Replace each match by what `into(match, line)` answers, keeping its line breaks."""

        def one(match: re.Match[str]) -> str:
            kept = into(match, self.text.count("\n", 0, match.start()) + 1)
            return kept + "\n" * (match[0].count("\n") - kept.count("\n"))

        self.text = pattern.sub(one, self.text)


def read_markup(text: str, definitions: dict[str, str]) -> Reading:
    """Take the markup off; what is left in `text` are the words, each on its line."""
    reading = Reading(ESCAPE.sub(lambda one: chr(0xE000 + ord(one[1])), text), definitions)
    reading.take(COMMENT, lambda found, line: "")
    reading.take(SILENT, lambda found, line: " ")
    reading.take(FIGCAPTION, lambda found, line: _caption(reading, found, line))
    reading.take(IMAGE, lambda found, line: _image(reading, found, line))
    reading.take(ABBREVIATION, lambda found, line: _spare(reading, found[0]))
    reading.take(MATHS, lambda found, line: _spare(reading, found[0]))
    reading.take(DEFINITION, lambda found, line: "")
    reading.take(LINK, lambda found, line: _link(reading, found[1] or found[2] or "", line, "]"))
    reading.take(AUTOLINK, lambda found, line: _bare(reading, found[1], line))
    reading.take(TAG, lambda found, line: _tag(reading, found, line))
    reading.take(NOTE_MARK, lambda found, line: "")
    reading.take(TASK, lambda found, line: found[1])
    reading.take(REFERENCE, lambda found, line: _reference(reading, found, line))
    reading.take(BARE, lambda found, line: _bare(reading, found[0], line))
    reading.take(ATTRIBUTES, lambda found, line: "")
    reading.take(LIST_NUMBER, lambda found, line: found[1])
    reading.take(SCRIPT, lambda found, line: found[2])
    reading.take(EMOJI, lambda found, line: " ")
    reading.text = html.unescape(re.sub(r"[*]|~~", "", reading.text))
    reading.headings = [one[1] for one in HEADING.finditer(reading.text)]
    reading.spare += [one[1] for one in TABLE_HEAD.finditer(reading.text)]
    return reading


def _lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _label(text: str) -> str:
    return " ".join(_unescaped(text).casefold().split())


def _unescaped(text: str) -> str:
    return re.sub("[\ue000-\ue0ff]", lambda one: chr(ord(one[0]) - 0xE000), text)


def _link(reading: Reading, url: str, line: int, kept: str = " ") -> str:
    url = html.unescape(_unescaped(url)).strip()
    if url:
        reading.links.append(Link(url, line))
    return kept


def _bare(reading: Reading, url: str, line: int) -> str:
    bare = url.rstrip(TAIL)
    while any(bare.endswith(b) and bare.count(b) > bare.count(a) for a, b in ("()", "[]")):
        bare = bare[:-1].rstrip(TAIL)
    reading.spare.append(bare)
    return _link(reading, bare, line) + url[len(bare) :]


def _spare(reading: Reading, text: str) -> str:
    reading.spare.append(text)
    return " "


def _picture(reading: Reading, src: str, described: str, line: int) -> None:
    src = html.unescape(_unescaped(src)).strip()
    if src:
        reading.pictures.append(Picture(src, html.unescape(_unescaped(described)).strip(), line))
    reading.aside += words(described, line)


def _image(reading: Reading, found: re.Match[str], line: int) -> str:
    alt, title = found[1], (found[4] or "")[1:-1]
    _picture(reading, found[2] or found[3] or "", alt or title, line)
    if title and alt and texts(title) != texts(alt):
        reading.aside += words(title, line)
    return " "


def _caption(reading: Reading, found: re.Match[str], line: int) -> str:
    inner = read_markup(found[2], reading.definitions)
    reading.aside += [Word(one.text, one.line + line - 1) for one in words(inner.text)]
    reading.links += [Link(one.url, one.line + line - 1) for one in inner.links]
    return found[1] + found[3]


def _tag(reading: Reading, found: re.Match[str], line: int) -> str:
    closing, name, attributes = found[1], found[2].lower(), found[3]
    values = {
        one[1].lower(): one[2] or one[3] or one[4] or "" for one in ATTRIBUTE.finditer(attributes)
    }
    if not closing:
        if name == "a" and values.get("href"):
            _link(reading, values["href"], line)
        elif name == "abbr":
            reading.spare.append(values.get("title", ""))
        elif name == "img":
            _picture(reading, values.get("src", ""), values.get("alt", ""), line)
        elif name in EMBEDS and values.get("src"):
            _link(reading, values["src"], line)
    return "" if name in INLINE else " "


def _reference(reading: Reading, found: re.Match[str], line: int) -> str:
    target = reading.definitions.get(_label(found[3] or found[2]))
    label = found[2] if found[3] is not None else found[0]
    if target is None:
        return label
    if found[1]:
        _picture(reading, target, found[2], line)
        return " "
    _link(reading, target, line)
    return label if found[3] is not None else found[2]
