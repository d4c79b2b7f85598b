"""Pictures that stand alone, and the captions that their titles are."""

from collections.abc import Sequence

from markdown_it.token import Token

from newsletter.digest.model import caption

BLANK = ("softbreak", "hardbreak")


def lone_picture(inline: Token) -> Token | None:
    """Return the picture of a paragraph that holds one and nothing else."""
    shown = [one for one in inline.children or () if one.type not in BLANK]
    shown = [one for one in shown if one.type != "text" or one.content.strip()]
    return shown[0] if len(shown) == 1 and shown[0].type == "image" else None


def captioned(tokens: Sequence[Token]) -> list[Token]:
    """Return blocks in which a picture alone, whose title says more than its words, is a figure."""
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        picture = lone_picture(tokens[at + 1]) if token.type == "paragraph_open" else None
        words = caption(picture.content, str(picture.attrs.get("title") or "")) if picture else ""
        if not picture or not words:
            made.append(token)
            at += 1
            continue
        del picture.attrs["title"]
        made += _figure(tokens[at : at + 3], words)
        at += 3
    return made


def _figure(paragraph: Sequence[Token], words: str) -> list[Token]:
    opening, level = paragraph[0], paragraph[0].level
    said = Token("text", "", 0, content=words)
    inline = Token("inline", "", 0, map=opening.map, level=level + 2, children=[said])
    return [
        Token("container_open", "div", 1, info="figure", map=opening.map, level=level, block=True),
        *paragraph,
        Token("container_caption_open", "p", 1, map=opening.map, level=level + 1, block=True),
        inline,
        Token("container_caption_close", "p", -1, level=level + 1, block=True),
        Token("container_close", "div", -1, info="figure", level=level, block=True),
    ]
