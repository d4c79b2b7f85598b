"""Dates in templates: read from what stands in a value, written by Ruby's strftime."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from newsletter.digest.dates import parse_date

DIRECTIVE = re.compile(r"%([-0^#_]*)(\d{0,2})(:?[A-Za-z%])")
MONTHS = "January February March April May June July August September October November December"
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
LONGEST = 200

# Written here and not left to the C library, whose names follow the machine's language.
WRITERS: dict[str, tuple[Callable[[datetime], Any], int, str]] = {
    "Y": (lambda at: at.year, 4, "0"),
    "C": (lambda at: at.year // 100, 2, "0"),
    "y": (lambda at: at.year % 100, 2, "0"),
    "m": (lambda at: at.month, 2, "0"),
    "B": (lambda at: month_name(at), 0, " "),
    "b": (lambda at: month_name(at)[:3], 0, " "),
    "h": (lambda at: month_name(at)[:3], 0, " "),
    "d": (lambda at: at.day, 2, "0"),
    "e": (lambda at: at.day, 2, " "),
    "j": (lambda at: at.timetuple().tm_yday, 3, "0"),
    "H": (lambda at: at.hour, 2, "0"),
    "k": (lambda at: at.hour, 2, " "),
    "I": (lambda at: at.hour % 12 or 12, 2, "0"),
    "l": (lambda at: at.hour % 12 or 12, 2, " "),
    "P": (lambda at: "am" if at.hour < 12 else "pm", 0, " "),
    "p": (lambda at: "AM" if at.hour < 12 else "PM", 0, " "),
    "M": (lambda at: at.minute, 2, "0"),
    "S": (lambda at: at.second, 2, "0"),
    "L": (lambda at: at.microsecond // 1000, 3, "0"),
    "z": (lambda at: at.strftime("%z") or "+0000", 0, " "),
    ":z": (lambda at: _zone(at), 0, " "),
    "Z": (lambda at: at.tzname() or "UTC", 0, " "),
    "A": (lambda at: day_name(at), 0, " "),
    "a": (lambda at: day_name(at)[:3], 0, " "),
    "u": (lambda at: at.isoweekday(), 0, " "),
    "w": (lambda at: at.isoweekday() % 7, 0, " "),
    "G": (lambda at: at.isocalendar().year, 4, "0"),
    "V": (lambda at: at.isocalendar().week, 2, "0"),
    "s": (lambda at: int(at.timestamp()) if at.tzinfo else 0, 0, " "),
    "n": (lambda _at: "\n", 0, " "),
    "t": (lambda _at: "\t", 0, " "),
    "%": (lambda _at: "%", 0, " "),
}
TOGETHER = {
    "D": "%m/%d/%y",
    "x": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "T": "%H:%M:%S",
    "X": "%H:%M:%S",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "c": "%a %b %e %T %Y",
    "v": "%e-%^b-%Y",
}


def moment(value: Any) -> datetime | None:
    """Return a value as a point in time, None when it is none; `now` is nobody's business."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())  # noqa: DTZ001, RUF100 (a site's own local date)
    if isinstance(value, str) and len(value) < LONGEST:
        found = parse_date(value.strip())
        return moment(found) if found else None
    return None


def strftime(at: datetime, pattern: str) -> str:
    """Return a date by a pattern, with Ruby's flags: `%-d`, `%^b`, `%02d`; English names."""
    for letter, meant in TOGETHER.items():
        pattern = pattern.replace(f"%{letter}", meant)

    def write(found: re.Match[str]) -> str:
        flags, width, letter = found[1], found[2], found[3]
        if letter not in WRITERS:
            return found[0]
        make, usual, fill = WRITERS[letter]
        text = str(make(at))
        if "^" in flags or "#" in flags:
            text = text.upper()
        if "-" in flags:
            return text
        fill = "0" if "0" in flags else " " if "_" in flags else fill
        return text.rjust(int(width) if width else usual, fill)

    return DIRECTIVE.sub(write, pattern[:LONGEST])


def month_name(at: date) -> str:
    """Return the English name of a date's month."""
    return MONTHS.split()[at.month - 1]


def day_name(at: date) -> str:
    """Return the English name of a date's day of the week."""
    return DAYS.split()[at.weekday()]


def _zone(at: datetime) -> str:
    zone = at.strftime("%z") or "+0000"
    return f"{zone[:3]}:{zone[3:5]}"
