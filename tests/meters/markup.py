"""Markdown and HTML taken off a text by passes that move no line: links, pictures, code, words."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.meters.words import COLOURS, Word, texts, words

FENCE = re.compile(r"^((?:[ \t]*>)*[ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+)*)(`{3,}|~{3,})([^`\n]*)$")
RAW_HTML = "{=html}"
TICKS = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
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
NOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")
EMOJI = re.compile(r"(?<![\w:]):[a-z0-9_+-]*[a-z][a-z0-9_+-]*:(?![\w:])")
TABLE_HEAD = re.compile(r"^([^\n|]*\|[^\n]*)\n[ \t>]*\|?[ \t]*:?-+:?[ \t]*\|", re.MULTILINE)
TASK = re.compile(r"^([ \t>]*[-*+][ \t]+)\[[ xX]\](?=[ \t])", re.MULTILINE)
# Tags that stand within a word; any other parts words, a note's mark among them.
# fmt: off
INLINE = frozenset((
    "a", "abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strike", "strong", "tt", "u", "var", "wbr",
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


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code without its fence and without the indent that the fence has."""

    text: str
    line: int


@dataclass(slots=True)
class Reading:
    """One text on its way to plain words; each pass blanks what it took and keeps the lines."""

    text: str
    definitions: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    aside: list[Word] = field(default_factory=list)
    # A wide table becomes records in a text, each with the words of the table's head.
    columns: list[str] = field(default_factory=list)
    # An address that is its own label is no word, whichever way it is shown.
    bare: list[str] = field(default_factory=list)

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
    reading.take(EMOJI, lambda found, line: " ")
    reading.text = html.unescape(re.sub(r"[*]|~~", "", reading.text))
    reading.headings = [one[1] for one in HEADING.finditer(reading.text)]
    reading.columns = [one[1] for one in TABLE_HEAD.finditer(reading.text)]
    return reading


def lift_code(body: str, generator: str) -> tuple[list[Code], str]:
    """Take blocks of code, and make code within lines safe from every other pass.

    The words of code stay where they are: they count like all others. What parts them is put
    as a middle dot, so that nothing in code reads as markup.
    """
    codes: list[Code] = []
    lines = body.split("\n")
    at = 0
    while at < len(lines):
        opening = FENCE.match(lines[at])
        at += 1
        if not opening:
            continue
        if generator == "quarto" and opening[3].strip() == RAW_HTML:
            at = _unfenced(lines, at, opening[2])
            continue
        inner: list[str] = []
        lines[at - 1] = _blank_prefix(opening[1])
        first = at
        while at < len(lines) and not _closes(lines[at], opening[2]):
            inner.append(_dedent(lines[at], opening[1]))
            lines[at] = _safe(COLOURS.sub("", lines[at]))
            at += 1
        if at < len(lines):
            lines[at] = ""
            at += 1
        codes.append(Code(COLOURS.sub("", "\n".join(inner)), first))
    return codes, TICKS.sub(lambda one: _safe(one[2]), "\n".join(lines))


def _unfenced(lines: list[str], at: int, fence: str) -> int:
    """Take the fence off raw HTML, which is no code to its readers; return the line behind it."""
    lines[at - 1] = ""
    while at < len(lines) and not _closes(lines[at], fence):
        at += 1
    if at < len(lines):
        lines[at] = ""
    return at + 1


def _closes(line: str, fence: str) -> bool:
    bare = line.lstrip(" \t>").rstrip()
    return bare.startswith(fence) and not bare.strip(fence[0])


def _blank_prefix(prefix: str) -> str:
    return re.sub(r"\d+[.)]", "", prefix)


def _dedent(line: str, prefix: str) -> str:
    quoted = prefix.count(">")
    for _ in range(quoted):
        line = re.sub(r"^[ \t]*> ?", "", line)
    width = len(prefix.rsplit(">", 1)[-1]) - (1 if quoted else 0)
    return line[min(max(width, 0), len(line) - len(line.lstrip(" \t"))) :]


def _safe(code: str) -> str:
    return re.sub(r"[^\w\s]|_", "\u00b7", BARE.sub("\u00b7", code))


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
    reading.bare.append(bare)
    return _link(reading, bare, line) + url[len(bare) :]


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
