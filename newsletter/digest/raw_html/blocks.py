"""Elements of raw HTML, when they close, as the tokens that Markdown would have made of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from newsletter.digest.inline_words import plain
from newsletter.digest.phrases import phrase
from newsletter.digest.raw_html.elements import HEADINGS, LISTS

ALIGNED = ("left", "center", "right")
ROWS = ("tr_open", "thead_open", "tbody_open", "tfoot_open")
# What a caption may hold that a picture's title cannot.
MORE_THAN_WORDS = ("link_open", "footnote_ref", "image")
SPANS = ("colspan", "rowspan")


@dataclass(slots=True)
class Element:
    """A block that is open: its name, and the finished tokens in it.

    `opening` is the token that opened it, where Markdown did.
    """

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    opening: Token | None = None
    tokens: list[Token] = field(default_factory=list)


def finished(element: Element) -> list[Token]:
    """Return the tokens of an element that closes; those in it, where it writes nothing itself."""
    if element.name in HEADINGS:
        return _titled(element, "heading", element.name)
    if element.name in LISTS:
        return _list(element)
    write = WRITERS.get(element.name)
    return write(element) if write else element.tokens


def around(
    kind: str, tag: str, tokens: Iterable[Token], line: int | None = None, **values: str | int
) -> list[Token]:
    """Return tokens between an opening and a closing one."""
    attrs: dict[str, str | int | float] = {name: one for name, one in values.items() if one}
    lines = None if line is None else [line, line + 1]
    opening = Token(f"{kind}_open", tag, 1, attrs, map=lines, block=True)
    return [opening, *tokens, Token(f"{kind}_close", tag, -1, block=True)]


def paragraph(children: list[Token], line: int, *, hidden: bool = False) -> list[Token]:
    """Return a paragraph of these inline tokens."""
    tokens = around("paragraph", "p", [inline(children, line)], line)
    tokens[0].hidden = tokens[-1].hidden = hidden
    return tokens


def inline(children: list[Token], line: int) -> Token:
    """Return an inline token of these."""
    words = "".join(child.content for child in children if child.type in ("text", "code_inline"))
    return Token("inline", "", 0, content=words, children=children, map=[line, line + 1])


def joined(tokens: Iterable[Token]) -> list[Token]:
    """Return the inline tokens of blocks, those of each on a line of its own."""
    children: list[Token] = []
    for token in tokens:
        if token.type == "inline" and token.children:
            if children:
                children.append(Token("hardbreak", "br", 0))
            children += token.children
        elif token.type in ("fence", "code_block"):
            children.append(Token("code_inline", "code", 0, content=token.content))
    return children


def blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each block at this level."""
    start = depth = 0
    for place, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : place + 1]
            start = place + 1


def figure(tokens: list[Token], opening: Token) -> list[Token]:
    """Return the tokens of a figure; one picture alone is a paragraph, its caption its title."""
    captions = [one for one in blocks(tokens) if one[0].type == "container_caption_open"]
    shown = [one for one in blocks(tokens) if one[0].type != "container_caption_open"]
    words = [child for one in captions for child in joined(one)]
    children = [child for one in shown for child in joined(one) if child.type != "hardbreak"]
    is_alone = len(children) == 1 and children[0].type == "image"
    if is_alone and not any(child.type in MORE_THAN_WORDS for child in words):
        picture, line = children[0], (opening.map or [0])[0]
        if words:
            picture.attrs["title"] = " ".join(plain(inline(words, line)).split())
        return paragraph([picture], line)
    closing = Token("container_close", "div", -1, info="figure", block=True)
    return [opening, *(token for one in (*shown, *captions) for token in one), closing]


def _titled(element: Element, kind: str, tag: str) -> list[Token]:
    children = joined(element.tokens)
    if not children:
        return []
    tokens = around(kind, tag, [inline(children, element.line)], element.line)
    if element.attributes.get("id") and kind == "heading":
        tokens[0].attrs["id"] = element.attributes["id"]
    return tokens


def _caption(element: Element) -> list[Token]:
    return _titled(element, "container_caption", "p")


def _summary(element: Element) -> list[Token]:
    return _titled(element, "container_title", "p")


def _figure(element: Element) -> list[Token]:
    return figure(element.tokens, _box("figure", element.line)) if element.tokens else []


def _details(element: Element) -> list[Token]:
    parts = list(blocks(element.tokens))
    title = next((one for one in parts if one[0].type == "container_title_open"), None)
    if title is None:
        words = [Token("text", "", 0, content=phrase("details"))]
        title = around("container_title", "p", [inline(words, element.line)], element.line)
    inside = [token for one in parts if one is not title for token in one]
    return _boxed("details", [*title, *inside], element.line)


def _aside(element: Element) -> list[Token]:
    return _boxed("aside", element.tokens, element.line) if element.tokens else []


def _box(kind: str, line: int) -> Token:
    return Token("container_open", "div", 1, info=kind, map=[line, line + 1], block=True)


def _boxed(kind: str, tokens: Iterable[Token], line: int) -> list[Token]:
    closing = Token("container_close", "div", -1, info=kind, block=True)
    return [_box(kind, line), *tokens, closing]


def _list(element: Element) -> list[Token]:
    is_ordered = element.name == "ol"
    start = element.attributes.get("start", "") if is_ordered else ""
    first = int(start) if start.isascii() and start.isdigit() and len(start) < 8 else ""
    kind, tag = ("ordered_list", "ol") if is_ordered else ("bullet_list", "ul")
    items = element.tokens
    return around(kind, tag, items, element.line, start=first) if items else []


def _item(element: Element) -> list[Token]:
    tokens = element.tokens
    return around("list_item", "li", tokens, element.line) if tokens else []


def _definitions(element: Element) -> list[Token]:
    tokens = element.tokens
    return around("dl", "dl", tokens, element.line) if tokens else []


def _term(element: Element) -> list[Token]:
    return _titled(element, "dt", "dt")


def _meaning(element: Element) -> list[Token]:
    return around("dd", "dd", element.tokens, element.line)


def _quote(element: Element) -> list[Token]:
    return around("blockquote", "blockquote", element.tokens, element.line)


def _cell(element: Element) -> list[Token]:
    """Return a cell: words, lines of words, or blocks where it holds more than paragraphs."""
    tag, tokens = element.name, element.tokens
    if all(one[0].type in ("paragraph_open", "heading_open") for one in blocks(tokens)):
        tokens = [inline(joined(tokens), element.line)]
    spans = {name: element.attributes.get(name, "") for name in SPANS}
    spans = {name: one for name, one in spans.items() if one.isascii() and one.isdigit()}
    cell = around(tag, tag, tokens, element.line, **spans)
    style = element.attributes.get("style", "").replace(" ", "").lower()
    side = element.attributes.get("align", "").lower()
    side = next((one for one in ALIGNED if f"text-align:{one}" in style), side)
    if side in ALIGNED:
        cell[0].attrs["style"] = f"text-align:{side}"
    return cell


def _row(element: Element) -> list[Token]:
    return around("tr", "tr", element.tokens, element.line) if element.tokens else []


def _rows(element: Element) -> list[Token]:
    name = element.name
    return around(name, name, element.tokens, element.line) if element.tokens else []


def _table(element: Element) -> list[Token]:
    """Return a table; a first row of nothing but headings is its head."""
    parts = list(blocks(element.tokens))
    rows = [one for one in parts if one[0].type in ROWS]
    captions = [token for one in parts if one[0].type == "container_caption_open" for token in one]
    strays = [one for one in parts if one[0].type not in (*ROWS, "container_caption_open")]
    others = [token for one in strays for token in one]
    if not rows:
        return others
    if rows[0][0].type == "tr_open" and not any(one.type == "td_open" for one in rows[0]):
        rows[0] = around("thead", "thead", rows[0], element.line)
    sections = [token for one in rows if one[0].type != "tr_open" for token in one]
    loose = [token for one in rows if one[0].type == "tr_open" for token in one]
    body = around("tbody", "tbody", loose, element.line) if loose else []
    table = around("table", "table", [*sections, *body], element.line)
    if captions:
        table = figure([*table, *captions], _box("figure", element.line))
    return [*others, *table]


WRITERS: Mapping[str, Callable[[Element], list[Token]]] = {
    "aside": _aside,
    "blockquote": _quote,
    "caption": _caption,
    "dd": _meaning,
    "details": _details,
    "dl": _definitions,
    "dt": _term,
    "figcaption": _caption,
    "figure": _figure,
    "li": _item,
    "summary": _summary,
    "table": _table,
    "tbody": _rows,
    "td": _cell,
    "tfoot": _rows,
    "th": _cell,
    "thead": _rows,
    "tr": _row,
}
