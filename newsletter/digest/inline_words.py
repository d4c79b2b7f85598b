"""The words of what stands in a line, without its marks."""

from markdown_it.token import Token

from newsletter.digest import scripts


def plain(inline: Token) -> str:
    """Return an inline token's words without markup; a picture counts as its alt text."""
    parts: list[str] = []
    open_scripts: list[int] = []
    for child in inline.children or ():
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type in ("sup_open", "sub_open"):
            open_scripts.append(len(parts))
        elif child.type in ("sup_close", "sub_close") and open_scripts:
            scripts.close(child.tag, parts, open_scripts.pop())
    return " ".join("".join(parts).split())
