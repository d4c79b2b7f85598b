"""The path at which Hugo publishes a page.

After the rules of https://gohugo.io/content-management/urls/ and /configuration/permalinks/.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote, unquote_plus

from newsletter.digest.dialects.hugo.content import Spot
from newsletter.digest.metadata import Metadata

TOKEN = re.compile(r":(\w+)(\[[^\]]+\])?")
HEX = re.compile(r"[0-9a-fA-F]{2}")
# What Hugo leaves in a path beside letters, digits and marks; blanks become hyphens, all else goes.
KEPT = frozenset("._/\\#+~-@")
# Go writes a date by showing how it would write 2 January 2006.
LAYOUT = re.compile(r"2006|January|Monday|Jan|Mon|002|01|02|06|_2|1|2")


@dataclass(frozen=True, slots=True)
class Rules:
    """How a site makes paths: its settings, all names lowered."""

    settings: Mapping[str, Any]

    @property
    def keeps_case(self) -> bool:
        """Whether capitals stay."""
        return self.settings.get("disablepathtolower") is True

    def is_ugly(self, spot: Spot) -> bool:
        """Whether a page is a file of its own and not a folder's index."""
        ugly = self.settings.get("uglyurls")
        if isinstance(ugly, dict):
            return bool(spot.folders) and ugly.get(spot.folders[0].lower()) is True
        return ugly is True

    def pattern(self, spot: Spot) -> str:
        """Return the pattern for pages in this place, empty where none is set."""
        kind = "section" if spot.is_section else "page"
        found = [
            (section, pattern)
            for section, pattern in _patterns(self.settings.get("permalinks"), kind)
            if _is_within(spot.folders, section)
        ]
        # A section within another has the say over it.
        return max(found, key=lambda one: one[0].count("/"))[1] if found else ""

    def path(self, text: str) -> str:
        """Return a path as Hugo sanitises it."""
        if self.settings.get("removepathaccents") is True:
            plain = unicodedata.normalize("NFD", text)
            plain = "".join(one for one in plain if unicodedata.category(one) != "Mn")
            text = unicodedata.normalize("NFC", plain)
        text = "".join(_sanitised(text))
        # Letter by letter: Go has one small letter for each capital, also for a Turkish one.
        return text if self.keeps_case else "".join(one.lower()[0] for one in text)


def _patterns(permalinks: Any, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the section and the pattern of each entry, in any of the forms that Hugo reads."""
    if isinstance(permalinks, dict):
        own = permalinks.get(kind)
        for table in (own, permalinks if kind == "page" else None):
            for section, pattern in table.items() if isinstance(table, dict) else ():
                if isinstance(pattern, str):
                    yield section.strip(" /"), pattern
    for entry in permalinks if isinstance(permalinks, list) else ():
        target = entry.get("target") if isinstance(entry, dict) else None
        pattern = entry.get("pattern") if isinstance(entry, dict) else None
        target = target if isinstance(target, dict) else {}
        if isinstance(pattern, str) and target.get("kind", kind) == kind:
            yield str(target.get("path", "**")).strip(" /").removesuffix("/**"), pattern


def _is_within(folders: Sequence[str], section: str) -> bool:
    inside = "/".join(folders).lower()
    if not section:
        return not inside
    return inside == section or inside.startswith(f"{section}/") or fnmatchcase(inside, section)


def _sanitised(text: str) -> Iterator[str]:
    is_hyphen = is_due = is_begun = False
    for at, letter in enumerate(text):
        if _is_kept(letter, text[at + 1 : at + 3]):
            is_hyphen = letter == "-"
            if is_due and not is_hyphen:
                yield "-"
            is_due, is_begun = False, True
            yield letter
        elif is_begun and not is_hyphen and letter.isspace():
            is_due = True


def _is_kept(letter: str, following: str) -> bool:
    if letter == "%":
        return HEX.fullmatch(following) is not None
    if letter in KEPT or letter.isalpha() or letter.isdecimal():
        return True
    return unicodedata.category(letter).startswith("M")


@dataclass(frozen=True, slots=True)
class Permalink:
    """One page whose path is made."""

    spot: Spot
    metadata: Metadata
    rules: Rules

    def path(self) -> str | None:
        """Return the path below the site's base address, quoted; None when no rule tells it."""
        if self.metadata.url:
            return self._from_url(self.metadata.url)
        spot = self.spot
        pattern = self.rules.pattern(spot)
        path = self.expanded(pattern) if pattern else self._default()
        if path is None:
            return None
        if pattern:
            # As Hugo does, which takes a plus for a blank here.
            path = unquote_plus(path)
        path = re.sub("/{2,}", "/", path.strip("/"))
        if not path:
            return spot.language.prefix
        end = ".html" if self.rules.is_ugly(spot) else "/"
        return _quoted(spot.language.prefix + self.rules.path(f"/{path}{end}").lstrip("/"))

    def _default(self) -> str:
        own = "" if self.spot.is_section else self.metadata.slug or self.spot.name
        return "/".join((*self.spot.folders, own))

    def _from_url(self, url: str) -> str | None:
        """Return the path that the front matter sets; a slash in front leaves the language out."""
        expanded = self.expanded(url.replace("\\:", "\0")) if ":" in url else url
        if expanded is None:
            return None
        path = expanded.replace("\0", ":")
        if not path.endswith("/") and "." not in path:
            path += "/"
        prefix = "" if path.startswith("/") else self.spot.language.prefix
        return _quoted(prefix + path.lstrip("/"))

    def expanded(self, pattern: str) -> str | None:
        """Return a pattern with its tokens filled in, None for one with an unknown token."""
        filled: list[str] = []
        at = 0
        for found in TOKEN.finditer(pattern):
            value = self._token(found[1], found[2] or "")
            if value is None:
                return None
            filled += [pattern[at : found.start()], value]
            at = found.end()
        return "".join([*filled, pattern[at:]])

    def _token(self, name: str, part: str) -> str | None:
        spot, metadata, rules = self.spot, self.metadata, self.rules
        own = "" if spot.is_section else spot.name
        texts = {
            "title": metadata.title,
            "slug": metadata.slug or metadata.title,
            "slugorfilename": metadata.slug or own,
            "slugorcontentbasename": metadata.slug or own,
            "filename": own,
            "contentbasename": own,
            "section": spot.folders[0] if spot.folders else "",
        }
        if name in texts:
            return rules.path(texts[name]).removesuffix("#")
        if name == "sections":
            return "/".join(rules.path(one) for one in _cut(sections(spot), part))
        return _date(name, metadata.date)


def sections(spot: Spot) -> tuple[str, ...]:
    """Return the folders down to the innermost section: below the first, one with an `_index.md`."""
    mounted = len(spot.mount.target.parts)
    for length in range(len(spot.folders), max(1, mounted - 1), -1):
        if any(spot.mount.folder.joinpath(*spot.folders[mounted:length]).glob("_index*.md")):
            return spot.folders[:length]
    return spot.folders[:1]


def _cut(folders: tuple[str, ...], part: str) -> tuple[str, ...]:
    """Return the folders that `[1:]`, `[last]` or `[:2]` names; none where it leads too far."""
    if not part:
        return folders
    first, colon, end = part.strip("[]").lower().partition(":")
    places = {"last": len(folders) - 1}
    start = places.get(first, int(first) if first.isdigit() else 0)
    stop = places.get(end, int(end) if end.isdigit() else len(folders))
    return folders[start:stop] if colon else folders[start : start + 1]


def _date(name: str, when: date | None) -> str | None:
    if when is None:
        return None
    months = "january february march april may june july august september october november december"
    days = "monday tuesday wednesday thursday friday saturday sunday"
    month, day = months.split()[when.month - 1], days.split()[when.weekday()]
    values = {
        "year": str(when.year),
        "month": f"{when.month:02}",
        "monthname": month,
        "day": f"{when.day:02}",
        "weekday": str(when.isoweekday() % 7),
        "weekdayname": day,
        "yearday": str(when.timetuple().tm_yday),
    }
    layout = {
        "2006": f"{when.year:04}",
        "06": f"{when.year % 100:02}",
        "January": month,
        "Jan": month[:3],
        "01": f"{when.month:02}",
        "1": str(when.month),
        "Monday": day,
        "Mon": day[:3],
        "002": f"{when.timetuple().tm_yday:03}",
        "02": f"{when.day:02}",
        "_2": f"{when.day:2}",
        "2": str(when.day),
    }
    if name in values:
        return values[name]
    return LAYOUT.sub(lambda found: layout[found[0]], name) if LAYOUT.search(name) else None


def _quoted(path: str) -> str:
    return quote(path, safe="/%+~.-_@:=&$!'()*,;?#")
