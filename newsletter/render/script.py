"""Which language a text is in, as far as its letters alone can tell."""

import re
from collections import Counter

# Kana before Han: Japanese is written with both, Chinese with Han alone.
SCRIPTS = {
    "ar": re.compile("[\u0620-\u064a\u0671-\u06d3]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "ja": re.compile("[\u3041-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
}
LETTER = re.compile(r"[^\W\d_]")
ENOUGH = 2_000
SHARE = 0.3


def language_by_letters(text: str) -> str:
    """Return ar, he, ja or zh where such letters are nearly a third of the text's, else nothing.

    Arabic letters may be Persian and Urdu too: the direction is right in any case.
    """
    text = text[:ENOUGH]
    found = Counter({name: len(letters.findall(text)) for name, letters in SCRIPTS.items()})
    if found["ja"]:
        found["ja"] += found.pop("zh")
    name, count = found.most_common(1)[0]
    letters = len(LETTER.findall(text))
    return name if letters and count >= SHARE * letters else ""
