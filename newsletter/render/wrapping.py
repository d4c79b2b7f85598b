"""Wraps plain text into columns, counting wide letters double and never breaking an address."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

COLUMNS = 72
# Where a line may break besides blanks: scripts that are written without any.
CJK = "\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\uffe0-\uffe6"
ATOM = re.compile(f"[{CJK}\U00020000-\U0003ffff]|[^{CJK}\U00020000-\U0003ffff]+")
# Kinsoku: these close and may begin no line; those open and may end none.
CLOSERS = set(
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff1f\uff01\uff09\u300d\u300f\u3011\u3015\u3009\u300b"
    "\u30fb\u30fc\u3005\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u30a1\u30a3\u30a5"
    "\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7\u2019\u201d)]},.:;!?%"
)
OPENERS = set("\uff08\u300c\u300e\u3010\u3014\u3008\u300a\u2018\u201c([{")
# Blanks and joiners that hold together what stands on their two sides.
GLUE = set("\u00a0\u202f\u2060")
DRAWN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2060": None})
# At the start of a line these would look like a quote or an item of a list.
NEVER_FIRST = re.compile(r" (?=(?:>\S*|[*+\u2013\u2014]|--?|\d{1,3}[.)])(?: |$))")
# A flowed line of this alone would look like the one above a signature (RFC 3676 §4.3).
NEVER_ALONE = re.compile(r"^-- ")
TIED_LEFT, TIED_RIGHT = CLOSERS | GLUE, OPENERS | GLUE
SPACES = re.compile(r"[ \t\n\r\f\v]+")


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def wrap(text: str, columns: int = COLUMNS, first: str = "", rest: str | None = None) -> list[str]:
    """Return the text as lines of at most `columns`; a word that is longer stands alone.

    `first` begins the first line and `rest` (blanks as wide, unless given) the others. A newline
    in the text is kept as one; a no-break space holds words together and becomes a blank.
    """
    hanging = " " * width(first) if rest is None else rest
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _filled(part, columns, hanging if lines else first, hanging)[0]
    return lines


def flow(text: str, columns: int = COLUMNS) -> list[str]:
    """Return the text as lines like those of `wrap`, a blank behind each that goes on in the next.

    A part that was broken where no blank is, as between two ideographs, stays fixed in all its
    lines: whoever joined them would put blanks into it (decision 0010).
    """
    lines: list[str] = []
    for part in text.split("\n"):
        filled, at_blanks = _filled(part, columns, "", "")
        # A line of nothing but no-break spaces holds no words to go on.
        lines += [f"{one} " if one and at_blanks else one for one in filled[:-1]]
        lines.append(filled[-1])
    return lines


def _filled(text: str, columns: int, first: str, rest: str) -> tuple[list[str], bool]:
    """Return the lines, and whether each of them was broken at a blank."""
    lines: list[str] = []
    line, taken, is_empty = first, width(first), True
    at_blanks = True
    for blank, piece in _pieces(text):
        wanted = width(piece)
        if not is_empty and taken + bool(blank) + wanted > columns:
            lines.append(line)
            line, taken, is_empty = rest, width(rest), True
            at_blanks = at_blanks and blank
        if blank and not is_empty:
            line, taken = line + " ", taken + 1
        line, taken, is_empty = line + piece, taken + wanted, False
    lines.append(line)
    return [one.translate(DRAWN).rstrip() for one in lines], at_blanks


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield what must stay together, and whether a blank stands before it."""
    text = SPACES.sub(" ", text.replace("\u00ad", ""))
    text = NEVER_ALONE.sub("--\u00a0", NEVER_FIRST.sub("\u00a0", text))
    for word in text.split(" "):
        blank = True
        for part in word.split("\u200b"):
            for atom in _atoms(part):
                yield blank, atom
                blank = False


def _atoms(word: str) -> Iterator[str]:
    if word.isascii():
        if word:
            yield word
        return
    held = ""
    for atom in ATOM.findall(word):
        if held and atom[0] not in TIED_LEFT and held[-1] not in TIED_RIGHT:
            yield held
            held = ""
        held += atom
    if held:
        yield held
