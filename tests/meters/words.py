"""Words, and how two sequences of them compare: the same yardstick for source, HTML and text."""

import bisect
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Letters and digits in a row; of scripts that part no words, each character is one.
_EACH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
WORD = re.compile(rf"[{_EACH}]|[^\W_{_EACH}]+")
# Marks without a width of their own: soft hyphens, joiners, direction marks, padding, variants.
INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
# What colours a terminal (ECMA-48 SGR) colours no mail.
COLOURS = re.compile("\x1b\\[[0-9;]*m")
# A run that stands in both sequences once each holds the others in place.
ANCHOR = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word as compared, and the line (from 1) where it stands."""

    text: str
    line: int


def plain(text: str) -> str:
    """Return text without invisible marks, in one normal form; its line breaks stay."""
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", COLOURS.sub("", text)))


def words(text: str, first_line: int = 1) -> list[Word]:
    """Return the words of a text with their lines."""
    found: list[Word] = []
    for number, line in enumerate(text.split("\n"), first_line):
        found += [Word(one.casefold(), number) for one in WORD.findall(plain(line))]
    return found


def texts(text: str) -> list[str]:
    """Return the words of a text without their lines."""
    return [one.text for one in words(text)]


@dataclass(frozen=True, slots=True)
class Difference:
    """What two sequences do not share: indexes into the first, and into the second."""

    missing: tuple[int, ...]
    extra: tuple[int, ...]


def compare(wanted: Sequence[str], found: Sequence[str]) -> Difference:
    """Compare two sequences in order, by a long common subsequence.

    Anchored at runs that are unique on both sides, then exact in between: what is in the wrong
    place counts as missing and as extra.
    """
    shared_wanted: set[int] = set()
    shared_found: set[int] = set()
    for a_from, a_to, b_from, b_to in _gaps(wanted, found):
        matcher = SequenceMatcher(None, wanted[a_from:a_to], found[b_from:b_to], autojunk=False)
        for block in matcher.get_matching_blocks():
            shared_wanted.update(range(a_from + block.a, a_from + block.a + block.size))
            shared_found.update(range(b_from + block.b, b_from + block.b + block.size))
    return Difference(
        tuple(index for index in range(len(wanted)) if index not in shared_wanted),
        tuple(index for index in range(len(found)) if index not in shared_found),
    )


def _gaps(wanted: Sequence[str], found: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return the stretches between anchors; an anchor begins each but the first."""
    gaps = []
    a_at = b_at = 0
    for a, b in _rising(_anchors(wanted, found)):
        gaps.append((a_at, a, b_at, b))
        a_at, b_at = a, b
    gaps.append((a_at, len(wanted), b_at, len(found)))
    return gaps


def _anchors(wanted: Sequence[str], found: Sequence[str]) -> list[tuple[int, int]]:
    there = _unique(found)
    return [(here, there[run]) for run, here in _unique(wanted).items() if run in there]


def _unique(sequence: Sequence[str]) -> dict[tuple[str, ...], int]:
    runs = [tuple(sequence[at : at + ANCHOR]) for at in range(len(sequence) - ANCHOR + 1)]
    times = Counter(runs)
    return {run: at for at, run in enumerate(runs) if times[run] == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of these pairs that rises on both sides (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for index, (_, b) in enumerate(pairs):
        pile = bisect.bisect_left(tops, b)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(b)
            piles.append(index)
        else:
            tops[pile], piles[pile] = b, index
    chain: list[tuple[int, int]] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]
