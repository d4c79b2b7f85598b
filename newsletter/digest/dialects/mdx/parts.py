"""Cuts a text into its tags and the words between them, with the expressions in it resolved."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from newsletter.digest.code_spans import Hidden
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.lines import is_alone, line_numbers
from newsletter.digest.dialects.mdx.expressions import (
    end_of_braces,
    first_string,
    value_of,
    without_comments,
)
from newsletter.digest.dialects.mdx.tags import JSXTag, read_tag
from newsletter.digest.dialects.shortcodes.lifting import Role, Span, Tag
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.dialects.written import words
from newsletter.digest.raw_html.elements import BLOCKS, FOREIGN, INLINE

ADDRESSED = ("](", "]:")
BEGINNING = re.compile(r"\\[<{]|[<{]")
CLOSING = re.compile(r"</([\w.-]+)")
HEADING_ID = re.compile(r"\{#[^\s{}]{1,200}\}[ \t]*$", re.MULTILINE)
# Tags of HTML between which MDX reads Markdown; what stands in a list or a table stays HTML.
LAYOUT = ("div", "section", "article", "main", "header", "footer", "nav", "center", "p", "span")
ELEMENTS = frozenset([*LAYOUT, "font", "details", "summary"])
STRUCTURES = ("table", "ul", "ol", "dl", "figure", "pre", "svg", "form", "select", "picture")
# Some write HTML in capitals; in JSX these are components.
HTML = frozenset(
    [*BLOCKS, *INLINE, *FOREIGN, "b", "i", "u", "br", "hr", "img", "pre", "span", "font"]
)
# Attributes of HTML that say something in a mail; React's names for them are the same.
KEPT = (
    *("href", "src", "alt", "title", "width", "height", "colSpan", "rowSpan", "align", "start"),
    *("poster", "cite", "lang", "dir", "type", "data"),
)
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
# Other names of the same thing, as component libraries have them.
RENAMED: Mapping[str, str] = {
    **dict.fromkeys(("videoid", "youtubeid", "tweetid"), "id"),
    **dict.fromkeys(("imgsrc", "imageurl", "source"), "src"),
    "to": "href",
    "alttext": "alt",
}
# Whoever opens so many braces that nothing closes writes no MDX, and nobody that many tags.
MOST_FAILURES = 100
MOST_PARTS = 20_000


@dataclass(slots=True)
class Cutter:
    """Cuts one text, whose code is hidden.

    `braces` says that it has expressions, as MDX has; `html` that its HTML is JSX as well.
    """

    text: str
    hidden: Hidden
    names: Mapping[str, str]
    page: Page
    braces: bool
    html: bool = True
    unknown: Unknown = field(default_factory=Unknown)
    _structures: list[str] = field(default_factory=list)
    # Where the last closing tag of each name begins.
    _closings: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Look once for what closes."""
        self._closings = {found[1]: found.start() for found in CLOSING.finditer(self.text)}

    def parts(self) -> Iterator[Span | Tag]:
        """Yield the tags of components and of layout, and whatever stands between them."""
        text, at, failures, count = self.text, 0, 0, 0
        line = line_numbers(text)
        look = 0
        while (found := BEGINNING.search(text, look)) and failures < MOST_FAILURES:
            start = look = found.start()
            look = found.end()
            read = self._read(found, line(start))
            if read is None:
                failures += found[0] == "{"
                continue
            if start > at:
                yield Span(text[at:start], line(at))
            at = look = read[1]
            yield read[0]
            count += 1
            if count > MOST_PARTS:
                break
        yield Span(text[at:], line(at))

    def _read(self, found: re.Match[str], line: int) -> tuple[Span | Tag, int] | None:
        """Return what begins here, and where it ends; None for what is just a sign."""
        if found[0] == "<":
            # `[words](<May News.md>)` and `[name]: <May News.md>`: an address, and no tag.
            if (
                self.text[max(0, found.start() - 8) : found.start()]
                .rstrip(" \t")
                .endswith(ADDRESSED)
            ):
                return None
            tag = read_tag(self.text, found.start())
            return (self._tag(tag, line), tag.end) if tag else None
        if found[0] != "{" or not self.braces:
            return None
        end = end_of_braces(self.text, found.start())
        return (Span(self._expression(found.start(), end, line), line), end) if end else None

    def _expression(self, start: int, end: int, line: int) -> str:
        if HEADING_ID.match(self.text, start):
            return self.text[start:end]
        source = self.hidden.shown(self.text[start + 1 : end - 1])
        if not without_comments(source).strip():
            return ""
        value = self._value(source)
        if value is None:
            self.unknown.compute(f"{{{' '.join(source.split())[:36]}}}", line)
            return online(self.page) if is_alone(self.text, start, end) else ""
        before, after = value[:1].isspace(), value[-1:].isspace()
        inner = words(value)
        return (" " if before else "") + inner + (" " if after and inner else "")

    def _value(self, source: str) -> str | None:
        return value_of(source, self.names, self.page.matter.values)

    def _tag(self, tag: JSXTag, line: int) -> Span | Tag:
        is_html = tag.name[:1].islower() and "." not in tag.name and "-" not in tag.name
        if not self.html and (is_html or (tag.name.isupper() and tag.name.lower() in HTML)):
            return Span(self.text[tag.start : tag.end], line)
        if is_html and (tag.name not in ELEMENTS or self._structures):
            self._follow(tag)
            return Span(self._html(tag, line), line)
        source = self.text[tag.start : tag.end]
        if not is_html and self._is_word(tag):
            return Span(f"\\{source}", line)
        role = Role.SINGLE if tag.is_alone else Role.CLOSING if tag.is_closing else Role.OPENING
        # A fragment (`<>`) has a name too, so that its ends are partners.
        return Tag(tag.name or "fragment", tag.start, tag.end, line, role, (), self._named(tag))

    def _is_word(self, tag: JSXTag) -> bool:
        """Return whether `<String>` is a word of the text: nothing is set, nothing closes it."""
        is_set = any(prop.text != "true" or prop.expression for prop in tag.props.values())
        if is_set or tag.is_alone or tag.is_closing or not tag.name:
            return False
        return self._closings.get(tag.name, -1) < tag.end

    def _named(self, tag: JSXTag) -> dict[str, str]:
        """Return what a tag sets, as far as anybody can read it."""
        found: dict[str, str] = {}
        for name, prop in tag.props.items():
            value: str | None = prop.text
            # Vue binds an expression by a colon, JSX by braces.
            bound = prop.text if name.startswith((":", "v-bind:")) else prop.expression
            if bound is not None:
                source = self.hidden.shown(bound)
                value = self._value(source)
                if value is None and name.lower() in ("sources", "srcs", "img", "image", "src"):
                    value = first_string(source)
            key = name.lower().removeprefix("v-bind").lstrip(":")
            if value is not None:
                found.setdefault(RENAMED.get(key, key), value)
        return found

    def _follow(self, tag: JSXTag) -> None:
        if tag.name not in STRUCTURES or tag.is_alone:
            return
        if not tag.is_closing:
            self._structures.append(tag.name)
        elif tag.name in self._structures:
            del self._structures[self._structures.index(tag.name) :]

    def _html(self, tag: JSXTag, line: int) -> str:
        """Return a tag of HTML as HTML writes it, with the attributes that count."""
        if tag.is_closing:
            return f"</{tag.name}>"
        attributes = ""
        for name in KEPT:
            prop = tag.props.get(name)
            bound = tag.props.get(f":{name}")
            source = prop.expression if prop else bound.text if bound else None
            value = self._attribute(name, source, line) if source else prop.text if prop else ""
            if value:
                attributes += f' {name.lower()}="{escape(value)}"'
        end = f"</{tag.name}>" if tag.is_alone and tag.name not in VOID else ""
        return f"<{tag.name}{attributes}>{end}"

    def _attribute(self, name: str, expression: str, line: int) -> str:
        value = self._value(self.hidden.shown(expression))
        if value is None and name in ("href", "src"):
            self.unknown.compute(f"{name}={{{' '.join(expression.split())[:30]}}}", line)
        return value or ""
