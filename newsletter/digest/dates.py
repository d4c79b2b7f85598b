"""Dates as people and generators write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

DATED_NAME = re.compile(r"(\d{4}[-_]\d{2}[-_]\d{2})(?:[T_.-]|$)")
# ISO 8601 goes to the standard library and RFC 5322 to `email`; these are the others.
# Where only digits and slashes stand, the month comes first, as JavaScript and Quarto read them.
DAYS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y_%m_%d", "%Y年%m月%d日"),
    *("%m/%d/%Y", "%m-%d-%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%m/%d/%y"),
    *("%d %B %Y", "%d %b %Y", "%d. %B %Y", "%d. %b %Y", "%d-%b-%Y"),
    *("%B %d %Y", "%b %d %Y", "%A %B %d %Y", "%a %b %d %Y", "%A %d %B %Y", "%a %d %b %Y"),
    *("%B %Y", "%b %Y", "%Y-%m", "%Y/%m", "%m/%Y"),
)
TIME = re.compile(
    r"(?:,|\bat\b|T)?\s*\b(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*([ap]\.?m\b\.?)?", re.I
)
OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{2}):?(\d{2})?$")
NAMED_ZONE = re.compile(r"[A-Z][A-Za-z_]*(?:/[A-Za-z_+-]+)*$")
ORDINAL = re.compile(r"(?<=\d)(?:[snr][td]|th)\b", re.I)
# What a date is that is made anew at each build.
MOVING = ("today", "now", "last-modified", "git last modified", "git created", "sys.date()")
LONGEST = 80


def parse_date(text: str) -> date | datetime | None:
    """Read a date, or a date with a time, as people write them; None when it is none.

    A time without a zone comes back naive: it is in the List's.
    """
    text = text.strip()[:LONGEST]
    for read in (date.fromisoformat, _iso, _spelled, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if found is not None:
            return found
    return None


def dated_name(file: Path) -> date | None:
    """Return the date with which the name of a file, or of the folder around it, begins."""
    for name in (file.stem, file.parent.name):
        found = DATED_NAME.match(name)
        if found:
            read = parse_date(found[1])
            if isinstance(read, date):
                return read
    return None


def is_moving(text: str) -> bool:
    """Return whether a date is one of the words for “when the site is built”."""
    plain = text.strip().strip("`").removeprefix("r ").strip().lower()
    return plain in MOVING


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _spelled(text: str) -> date | datetime | None:
    time = TIME.search(text)
    if time is None:
        return _day(text)
    day = _day(text[: time.start()])
    if day is None:
        return None
    hour, minute, second = (*map(int, time[1].split(":")), 0)[:3]
    if time[2]:
        hour = hour % 12 + (12 if time[2][0] in "pP" else 0)
    # JavaScript adds the zone's name in brackets.
    zone = text[time.end() :].partition("(")[0].strip()
    when = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(zone))
    return when if when.tzinfo or not zone else None


def _day(text: str) -> date | None:
    plain = " ".join(ORDINAL.sub("", text).replace(",", " ").split())
    for form in DAYS:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    return None


def _zone(text: str) -> timezone | ZoneInfo | None:
    if text in ("Z", "UTC", "GMT"):
        return UTC
    offset = OFFSET.match(text)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    if not NAMED_ZONE.match(text):
        return None
    try:
        return ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        return None
