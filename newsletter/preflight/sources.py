"""Which source went to which story, and sources that look as if they belonged elsewhere."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from urllib.parse import unquote, urlsplit

from newsletter.digest.model import Source
from newsletter.findings import Finding
from newsletter.preflight.checked import Checked

# A label of more words is a sentence, and names nothing.
MOST_WORDS = 6
# Comparing costs the product of two lengths; no name is longer, and no address tells more.
LONGEST_WORD, MOST_COMPARED = 40, 40
SIMILAR = 0.75
# Words that say "here" and name no source.
# fmt: off
POINTING = frozenset({
    "and", "announcement", "article", "blog", "code", "for", "from", "here", "link", "more",
    "news", "original", "page", "paper", "post", "press", "read", "release", "report", "site",
    "source", "talk", "that", "the", "this", "thread", "video", "website", "with",
})
# fmt: on


def check_pairs(checked: Checked) -> Iterator[Finding]:
    """Tell which note was given to which story, unless the reader told it already."""
    stories = [story for story in checked.digest.stories if story.sources]
    if not stories or any(one.code == "sources-by-position" for one in checked.digest.findings):
        return
    pairs = "; ".join(
        f"{', '.join(_name(source) for source in story.sources)} → “{_cut(story.title_text)}”"
        for story in stories
    )
    yield checked.finding(
        "sources-matched",
        f"Each note went to the story that refers to it: {pairs}.",
        line=stories[0].sources[0].line,
    )


def check_labels(checked: Checked) -> Iterator[Finding]:
    """Find a source that resembles neither its address nor its story: it may be another's."""
    for story in checked.digest.stories:
        for source in story.sources:
            if not _resembles(source, story.title_text):
                yield checked.finding(
                    "source-odd",
                    f"The source “{_cut(source.label)}” resembles neither {source.host} "
                    f"nor its story “{_cut(story.title_text)}”.",
                    line=source.line,
                )


def _resembles(source: Source, heading: str) -> bool:
    """Return whether a label fits, or cannot be judged: no link, a sentence, another script."""
    words = [word for word in _words(source.label) if word not in POINTING]
    if source.url is None or source.text != source.label or not 0 < len(words) <= MOST_WORDS:
        return True
    address = urlsplit(source.url)
    host = source.host.rpartition(".")[0]
    known = {*_words(host), *_words(heading), *_words(unquote(address.path))} - POINTING
    initials = "".join(word[0] for word in words)
    if len(initials) > 1 and any(one.startswith(initials) for one in (*known, _initials(heading))):
        return True
    return any(_alike(word, one) for word in words for one in known)


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < 3:
        return False
    return (
        one in other
        or other in one
        or one[:5] == other[:5]
        or SequenceMatcher(None, one, other).ratio() >= SIMILAR
    )


def _words(text: str) -> list[str]:
    """Return the words in Latin letters, small and without accents."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", plain)[:MOST_COMPARED]
    return [word for word in words if word.isascii() and 1 < len(word) <= LONGEST_WORD]


def _initials(heading: str) -> str:
    return "".join(word[0] for word in _words(heading))


def _name(source: Source) -> str:
    return f"[^{source.number}] {_cut(source.label)}"


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"
