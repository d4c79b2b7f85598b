"""Raw HTML in Markdown: pictures become pictures, comments go, links can be made absolute."""

import html
import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)((?:\"[^\"]*\"|'[^']*'|[^'\">])*)>", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r"([^\s\"'<>/=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+))", re.IGNORECASE
)
CAPTION = re.compile(r"<figcaption[^>]*>(.*?)</figcaption>", re.IGNORECASE | re.DOTALL)
WRAPPERS = ("p", "div", "center", "figure", "picture", "br", "span")
CHECKBOX = re.compile(r"<input class=\"task-list-item-checkbox\"( checked)?")


def tidy(tokens: Sequence[Token]) -> list[Token]:
    """Return block tokens in which pictures in raw HTML are image tokens and comments are gone."""
    tidied: list[Token] = []
    for token in tokens:
        if token.type == "html_block":
            tidied += _block(token)
        else:
            if token.children:
                token.children = [new for child in token.children for new in _inline(child)]
            tidied.append(token)
    return tidied


def _block(token: Token) -> list[Token]:
    token.content = COMMENT.sub("", token.content)
    if not token.content.strip():
        return []
    picture = _lone_picture(token.content)
    if picture is None:
        return [token]
    inline = Token("inline", "", 0, map=token.map, level=token.level + 1, children=[picture])
    inline.block = True
    opening = Token("paragraph_open", "p", 1, map=token.map, level=token.level, block=True)
    return [opening, inline, Token("paragraph_close", "p", -1, level=token.level, block=True)]


def _lone_picture(source: str) -> Token | None:
    """Return the picture of a block that holds one and nothing else but its caption."""
    caption = CAPTION.search(source)
    rest = CAPTION.sub("", source)
    tags = TAG.findall(rest)
    pictures = [attributes for _, name, attributes in tags if name.lower() == "img"]
    others = [name.lower() for _, name, _ in tags if name.lower() != "img"]
    if len(pictures) != 1 or TAG.sub("", rest).strip() or set(others) - set(WRAPPERS):
        return None
    picture = _picture(pictures[0])
    if picture is not None and caption and "title" not in picture.attrs:
        words = " ".join(html.unescape(TAG.sub("", caption[1])).split())
        if words:
            picture.attrs["title"] = words
    return picture


def _picture(attributes: str) -> Token | None:
    values = {
        found[1].lower(): html.unescape(found[2] or found[3] or found[4] or "").strip()
        for found in ATTRIBUTE.finditer(attributes)
    }
    src = values.get("src", "")
    if not src:
        return None
    alt = " ".join(values.get("alt", "").split())
    token = Token("image", "img", 0, {"src": src, "alt": ""}, content=alt)
    token.children = [Token("text", "", 0, content=alt)] if alt else []
    for name in ("title", "width", "height"):
        if values.get(name):
            token.attrs[name] = values[name]
    return token


def _inline(child: Token) -> list[Token]:
    if child.type == "image":
        child.content = _words(child.children or ())
    if child.type != "html_inline":
        return [child]
    box = CHECKBOX.match(child.content)
    if box:
        return [Token("text", "", 0, content="☑" if box[1] else "☐", level=child.level)]
    if child.content.startswith("<!--"):
        return []
    tag = TAG.fullmatch(child.content)
    if tag and tag[2].lower() == "img":
        picture = _picture(tag[3])
        return [picture] if picture else []
    return [child]


def _words(children: Sequence[Token]) -> str:
    """Return a picture's description without its markup."""
    blank = ("softbreak", "hardbreak")
    words = ("" if one.nesting else " " if one.type in blank else one.content for one in children)
    return " ".join("".join(words).split())


def sources_of_pictures(source: str) -> list[tuple[str, str]]:
    """Return (src, alt) of the pictures in a piece of raw HTML."""
    found = (_picture(tag[3]) for tag in TAG.finditer(source) if tag[2].lower() == "img")
    return [(str(one.attrs["src"]), one.content) for one in found if one]


def with_links(source: str, absolute: Callable[[str], str | None]) -> str:
    """Return raw HTML whose `<a href>` are made absolute; one that leads nowhere goes."""

    def anchor(tag: re.Match[str]) -> str:
        if tag[1] or tag[2].lower() != "a":
            return tag[0]
        return f"<{tag[2]}{ATTRIBUTE.sub(href, tag[3])}>"

    def href(found: re.Match[str]) -> str:
        if found[1].lower() != "href":
            return found[0]
        value = absolute(html.unescape(found[2] or found[3] or found[4] or "").strip())
        return "" if value is None else f'href="{html.escape(value)}"'

    return TAG.sub(anchor, source)
