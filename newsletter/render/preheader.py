"""The preheader: the line that an inbox shows beside the subject."""

import re
from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from newsletter.digest.inline_words import plain
from newsletter.digest.model import Digest

SHORTEST, LONGEST = 80, 120
# Fills the line, so that no inbox goes on with what stands next in the mail.
# After these no full stop is set; the later ones are those of Japanese, Chinese and Arabic.
ENDS = ".!?…:;\u3002\uff01\uff1f\u061f\u06d4"
PADDING = "&#847;&zwnj;&nbsp;"


def preheader(digest: Digest, subject: str) -> str:
    """Return 80 to 120 characters, where the post has so many; never the subject again.

    What the front matter's `newsletter: preheader:` says is taken as it is. A short description
    goes on with the titles of stories; without one the intro speaks, then the titles.
    """
    wished = str(digest.options.get("preheader") or "").strip()
    if wished:
        return wished
    said = "" if same(digest.description, subject) else tidy(digest.description)
    titles = [tidy(story.title_text) for story in digest.stories]
    if not said:
        said = _first_sentences(tidy(words(digest.intro)))
    return _cut(_longer(said, [title for title in titles if not same(title, subject)]))


def padded(text: str) -> str:
    """Return the entities that follow a preheader of this text in the HTML."""
    return PADDING * max(0, LONGEST + 20 - len(text))


def words(tokens: Iterable[Token]) -> str:
    """Return the words of block tokens, code left out."""
    return " ".join(plain(token) for token in tokens if token.type == "inline")


def tidy(text: str) -> str:
    """Return the text on one line."""
    return " ".join(text.split())


def same(one: str, other: str) -> bool:
    """Return whether two lines say the same, whatever their case and signs."""
    return re.sub(r"\W", "", one).lower() == re.sub(r"\W", "", other).lower()


def _first_sentences(text: str) -> str:
    taken = ""
    for sentence in re.split(r"(?<=[.!?…])\s+", text):
        if taken and len(taken) + len(sentence) >= LONGEST:
            break
        taken = f"{taken} {sentence}".strip()
        if len(taken) >= SHORTEST:
            break
    return taken


def _longer(text: str, titles: Sequence[str]) -> str:
    if len(text) >= SHORTEST or not titles:
        return text
    stop = "" if not text or text[-1] in ENDS else "."
    fitting = text
    separator = f"{stop} " if text else ""
    for title in titles:
        if len(fitting) + len(separator) + len(title) > LONGEST:
            continue
        fitting += separator + title
        separator = "; "
    if len(fitting) >= SHORTEST:
        return fitting
    return fitting + separator + next((one for one in titles if one not in fitting), "")


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text.rstrip("; ")
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:\u2013\u2014") + "…"
