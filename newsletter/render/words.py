"""Small pieces of text: names joined, dates written, the minutes a digest takes to read."""

import re
from collections.abc import Sequence
from datetime import date

MONTHS = (
    "January February March April May June July August September October November December".split()
)
WORDS_A_MINUTE = 230
# East Asian scripts write no spaces; about two characters make a word's worth of reading.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}|[^\W\d_][\w’'-]*|\d[\d.,]*")


def joined(names: Sequence[str]) -> str:
    """Return `A`, `A and B` or `A, B and C`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def written(day: date) -> str:
    """Return a date as `7 May 2024`."""
    return f"{day.day}\u00a0{MONTHS[day.month - 1]}\u00a0{day.year}"


def minutes(text: str) -> int:
    """Return how many minutes a text takes to read, at least one."""
    return max(1, round(len(_WORD.findall(text)) / WORDS_A_MINUTE))
