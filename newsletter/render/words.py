"""Small pieces of text: names joined, dates written, the minutes a digest takes to read."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WORDS_A_MINUTE = 230
# East Asian scripts write no spaces; about two characters make a word's worth of reading.
_MONTH_YEAR = re.compile(rf"\b({'|'.join(MONTHS)}) (\d{{4}})\b")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}|[^\W\d_][\w\u2019'-]*|\d[\d.,]*")


def joined(names: Sequence[str]) -> str:
    """Return `A`, `A and B` or `A, B and C`."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def written(day: date) -> str:
    """Return a date as `7 May 2024`."""
    return f"{day.day}\u00a0{MONTHS[day.month - 1]}\u00a0{day.year}"


def day(when: date, *, language: str, time_zone: str) -> str:
    """Return the day where the List is; a language without words here gets `2024-05-07`."""
    if isinstance(when, datetime) and when.tzinfo is not None:
        when = when.astimezone(ZoneInfo(time_zone))
    if language.lower().split("-")[0] == "en":
        return written(when)
    return f"{when:%Y-%m-%d}"


def headline(title: str) -> str:
    """Return a title as it is set: a dash for a lone hyphen, month and year on one line."""
    title = re.sub(r"\s+[-\u2013\u2014]\s+", "\u00a0\u2013 ", title)
    return _MONTH_YEAR.sub("\\1\u00a0\\2", title)


def minutes(text: str) -> int:
    """Return how many minutes a text takes to read, at least one."""
    return max(1, round(len(_WORD.findall(text)) / WORDS_A_MINUTE))
