"""A few words of a post: what its author wrote to be quoted, or its beginning."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from markdown_it.token import Token

from newsletter.digest.inline_words import plain
from newsletter.digest.model import Digest
from newsletter.digest.phrases import spoken

MOST_WORDS = 60
# Hugo, Zola, Jekyll and WordPress write `more`, Docusaurus `truncate`, in MDX as an expression.
MORE = re.compile(r"<!--\s*(?:more|truncate)\s*-->|\{/\*\s*truncate\s*\*/\}", re.IGNORECASE)
# East Asian scripts write no spaces; about two characters make a word.
_EAST_ASIAN = r"\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef"
PIECE = re.compile(rf"([{_EAST_ASIAN}])|[^\s{_EAST_ASIAN}]+")
SENTENCE_END = re.compile("[.!?…][\"')\u201d\u2019]?(?=\\s)|[\u3002\uff01\uff1f]")


def excerpt(digest: Digest, text: str) -> str:
    """Return about sixty words of a post, without markup; `text` is that of its file.

    Its description; else what stands before the mark `<!--more-->`; else its first paragraph.
    """
    if digest.description:
        return shortened(digest.description)
    paragraphs = list(_paragraphs(digest))
    mark = next((at for at, line in enumerate(text.split("\n")) if MORE.search(line)), None)
    if mark is not None:
        before = [words for words, line in paragraphs if line <= mark]
        return shortened(" ".join(before))
    return shortened(paragraphs[0][0] if paragraphs else "")


def _paragraphs(digest: Digest) -> Iterator[tuple[str, int]]:
    """Yield the words of each paragraph that has any, and its line in the file, from 0."""
    stories = (story.blocks for story in digest.stories)
    for opening, inline in pairwise(chain(digest.intro, *stories)):
        if opening.type == "paragraph_open" and opening.level == 0:
            words = spoken(plain(_without_pictures(inline)))
            if words:
                yield words, inline.map[0] if inline.map else 0


def _without_pictures(inline: Token) -> Token:
    bare = Token("inline", "", 0)
    bare.children = [one for one in inline.children or () if one.type != "image"]
    return bare


def shortened(words: str) -> str:
    """Return at most about sixty words, ending with a sentence where one ends in good time."""
    left = float(MOST_WORDS)
    for piece in PIECE.finditer(words):
        left -= 0.5 if piece[1] else 1
        if left < 0:
            return _ended(words[: piece.start()])
    return words


def _ended(words: str) -> str:
    ends = [end.end() for end in SENTENCE_END.finditer(f"{words} ")]
    if ends and ends[-1] > len(words) / 2:
        return words[: ends[-1]].rstrip()
    return words.rstrip(" ,;:-\u2013\u2014") + "…"
