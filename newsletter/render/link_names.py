"""What a link is called that has no words of its own: a picture alone in it, or nothing at all."""

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from newsletter.digest.pictures import said_of

PARTS = re.compile(r"[-_.+\s]+")
# Names that cameras, editors and hosts give to a file, and that say nothing of what it shows.
SAYS_NOTHING = re.compile(
    r"(?:img|image|dsc\w?|pic|picture|photo|screenshot|screen|shot|file|untitled|thumb|banner"
    r"|unnamed|logo|icon|cover|[0-9a-f]{6,}|\d+|\d+x\d+|v\d+|@?\dx|final|copy|small|large|scaled)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]{3,}")
LONGEST = 80


def name_of_link(tokens: Sequence[Token], at: int) -> str:
    """Return the name of the link that a token opens, empty where its own words say it.

    Its title, the words in the name of its picture's file, and last where it leads.
    """
    inside: list[Token] = []
    for token in tokens[at + 1 :]:
        if token.type == "link_close":
            break
        inside.append(token)
    pictures = [one for one in inside if one.type == "image"]
    told = "".join(one.content for one in inside if one.type != "image").strip()
    if told or any(said_of(one) or one.attrs.get("title") for one in pictures):
        return ""
    title, href = (str(tokens[at].attrs.get(name) or "") for name in ("title", "href"))
    files = [_words_of(str(one.attrs.get("src") or "")) for one in pictures]
    return next((name for one in (title, *files, _place(href)) if (name := _tidy(one))), "")


def _words_of(src: str) -> str:
    """Return the words in a file's name, empty for one that a machine gave."""
    try:
        name = unquote(urlsplit(src).path).rpartition("/")[2].rpartition(".")[0]
    except ValueError:
        return ""
    words = [part for part in PARTS.split(name) if part and not SAYS_NOTHING.fullmatch(part)]
    return " ".join(words)[:LONGEST] if any(map(WORD.search, words)) else ""


def _place(url: str) -> str:
    """Return the host that an address leads to, or the address itself where it has none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    bare = url.removeprefix("mailto:").removeprefix("tel:").partition("?")[0]
    return host.removeprefix("www.") or bare[:LONGEST]


def _tidy(text: str) -> str:
    return " ".join(text.split())
