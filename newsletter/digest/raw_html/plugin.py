"""The rule that leaves no raw HTML in a parsed post."""

from collections.abc import Iterable, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from newsletter.digest.raw_html.reading import Reader, Seen


def raw_html_plugin(md: MarkdownIt) -> None:
    """Teach a parser to make of raw HTML what Markdown would have made.

    What was left out on the way stands in `env["left_out"]`, as a list of LeftOut, and the opening
    tags of the author's own in `env["tags"]`.
    """
    md.core.ruler.push("raw_html", _raw_html)


def _raw_html(state: StateCore) -> None:
    seen = Seen(state.env.setdefault("left_out", []), state.env.setdefault("tags", []))
    for note in state.env.get("footnotes", {}).get("list", {}).values():
        if "tokens" in note:
            note["tokens"] = _inline_only(note["tokens"], seen)
    if _is_needed(state.tokens):
        state.tokens = Reader(seen).read(state.tokens)
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "image":
                child.content = _description(child.children or ())


def _is_needed(tokens: Iterable[Token]) -> bool:
    return any(
        token.type == "html_block"
        or (token.type == "container_open" and token.info == "figure")
        or any(child.type == "html_inline" for child in token.children or ())
        for token in tokens
    )


def _inline_only(children: list[Token], seen: Seen) -> list[Token]:
    reader = Reader(seen)
    reader.inline(children, 0)
    return reader.tree.run.take()[0]


def _description(children: Sequence[Token]) -> str:
    """Return a picture's description without its markup."""
    blank = ("softbreak", "hardbreak")
    words = ("" if one.nesting else " " if one.type in blank else one.content for one in children)
    return " ".join("".join(words).split())
