"""The mail's own words and dates in the language of an issue, and the minutes it takes to read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.errors import RenderError

RIGHT_TO_LEFT = ("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi")
WORDS_A_MINUTE = 230
# East Asian scripts write no spaces; about two characters make a word's worth of reading.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}|[^\W\d_][\w\u2019'-]*|\d[\d.,]*")
_HOLE = re.compile(r"\{(\w+)\}")
# A prefix that Hebrew and Arabic join to the word behind it; before Latin it wants a hyphen.
_JOINED = re.compile(r"([\u05d5])(?=[A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Words:
    """What the templates say themselves; `tables` are those of templates/email/words/."""

    language: str
    tables: Mapping[str, Mapping[str, Any]]

    @property
    def direction(self) -> str:
        """Which way the script runs, `ltr` or `rtl`."""
        parts = self.language.lower().split("-")
        if "latn" in parts:
            return "ltr"
        return "rtl" if parts[0] in RIGHT_TO_LEFT or "arab" in parts or "hebr" in parts else "ltr"

    def say(self, name: str, **values: object) -> str:
        """Return the words of a name, such as `issue.button`, with the values filled in.

        Raises RenderError for a name or a value that nobody has.
        """
        table, _, key = name.partition(".")
        try:
            written = str(self.tables[table][key])
            return _HOLE.sub(lambda hole: str(values[hole[1]]), written)
        except KeyError as error:
            raise RenderError(
                f"words/{self.language}.toml: there is no {error.args[0]!r} for {name}",
                "templates/email/words/en.toml has every name",
            ) from None

    def names(self, names: Sequence[str]) -> str:
        """Return `A`, `A and B` or `A, B and C`, as the language joins them."""
        between, last = self.say("names.between"), self.say("names.last")
        joined = last.join(part for part in (between.join(names[:-1]), *names[-1:]) if part)
        return _JOINED.sub("\\1-", joined)

    def day(self, when: date, *, time_zone: str) -> str:
        """Return the day where the List is, `7 May 2024`."""
        if isinstance(when, datetime) and when.tzinfo is not None:
            when = when.astimezone(ZoneInfo(time_zone))
        first = self.say("date.first") if when.day == 1 else ""
        months = self.tables["date"]["months"]
        return self.say(
            "date.day", day=first or when.day, month=months[when.month - 1], year=when.year
        )

    def dotted(self, parts: Sequence[str]) -> str:
        """Return the parts that are not empty, a dot between each two of them."""
        # Without the mark a Latin name and a number behind it would change places.
        dot = " \u00b7 " if self.direction == "ltr" else " \u00b7\u200f "
        return dot.join(part for part in parts if part)

    def headline(self, title: str) -> str:
        """Return a title as it is set: a dash for a lone hyphen, month and year on one line."""
        title = re.sub(r"\s+[-\u2013\u2014]\s+", "\u00a0\u2013 ", title)
        months = "|".join(month for month in self.tables["date"]["months"] if not month.isdecimal())
        pattern = rf"\b({months})((?: de)?) (\d{{4}})\b"
        return re.sub(pattern, "\\1\\2\u00a0\\3", title, flags=re.IGNORECASE) if months else title


def holes(saying: object) -> set[str]:
    """Return the names of what is filled into a saying."""
    return set(_HOLE.findall(str(saying)))


def minutes(text: str) -> int:
    """Return how many minutes a text takes to read, at least one."""
    return max(1, round(len(_WORD.findall(text)) / WORDS_A_MINUTE))
