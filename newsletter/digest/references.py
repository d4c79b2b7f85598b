"""Reference links whose address is defined nowhere in the post: their words stay, their brackets go."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from markdown_it.token import Token

from newsletter.findings import Finding

# `[words][label]` as it is left when no label matches; what follows a letter is `matrix[i][j]`.
LEFT = re.compile(
    r"(?<![\w\\!\])])\[(?P<words>(?:[^\[\]]|\[[^\[\]]{0,100}\]){1,300})\]\[(?P<label>[^\[\]]{0,200})\]"
)
# Stands for whatever is no text: emphasis, code, a picture.
OTHER = "\ufffc"
TOLD = 3


def without_undefined(tokens: Iterable[Token], path: Path) -> tuple[Finding, ...]:
    """Take the brackets of undefined references out of tokens, in place, and name their labels."""
    found: dict[str, int | None] = {}
    for token in tokens:
        if token.children and "][" in token.content and "\\]" not in token.content:
            line = token.map[0] + 1 if token.map else None
            for label in _without(token.children):
                found.setdefault(label, line)
    return (_finding(found, path),) if found else ()


def _finding(found: dict[str, int | None], path: Path) -> Finding:
    labels = ", ".join(f"“{label}”" for label in list(found)[:TOLD])
    more = f" and {len(found) - TOLD} more" if len(found) > TOLD else ""
    return Finding(
        "link-undefined",
        f"The post defines no address for {labels}{more}; the words of these links stay.",
        "Write [name]: https://… at the end of the post, or keep the file that does at its place.",
        path=path,
        line=next(iter(found.values())),
    )


def _without(children: list[Token]) -> list[str]:
    """Take the brackets out of one paragraph's tokens and return the labels."""
    places = [
        (index, offset)
        for index, child in enumerate(children)
        for offset in range(len(child.content) if child.type == "text" else 1)
    ]
    text = "".join(
        child.content
        if child.type == "text"
        else " "
        if child.type in ("softbreak", "hardbreak")
        else OTHER
        for child in children
    )
    labels = []
    cut: set[int] = set()
    for one in LEFT.finditer(text):
        if OTHER in one["label"]:
            continue
        labels.append(" ".join((one["label"] or one["words"].replace(OTHER, "")).split()))
        cut |= {one.start(), *range(one.end("words"), one.end())}
    if cut:
        _cut(children, [places[at] for at in sorted(cut)])
    return labels


def _cut(children: list[Token], places: Sequence[tuple[int, int]]) -> None:
    gone: dict[int, set[int]] = {}
    for index, offset in places:
        gone.setdefault(index, set()).add(offset)
    for index, offsets in gone.items():
        child = children[index]
        kept = (letter for at, letter in enumerate(child.content) if at not in offsets)
        child.content = "".join(kept) if child.type == "text" else ""
        child.type = "text"
    children[:] = [child for child in children if child.type != "text" or child.content]
