"""Quarto's shortcodes: `{{< video … >}}`, `{{< meta … >}}`, icons, keys, page breaks.

https://quarto.org/docs/authoring/shortcodes.html; files are included by `includes`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from newsletter.digest.configuration import NoConfiguration, read_settings
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.lines import is_alone, line_numbers
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.dialects.written import words
from newsletter.digest.embeds import video

TAG = re.compile(r"(\{?)\{\{<[ \t]*(/?)([\w-]+)([^{}\n]{0,2000}?)/?>\}\}(\}?)")
ARGUMENT = re.compile(r"([\w-]+)=(?:\"([^\"]*)\"|'([^']*)'|(\S+))|\"([^\"]*)\"|'([^']*)'|(\S+)")
ICONS = ("fa", "bi", "iconify", "ai", "fontawesome", "academicicons", "lordicon")
NOTHING = ("pagebreak", "lipsum", "placeholder")


@dataclass(frozen=True, slots=True)
class Call:
    """A shortcode as written: its arguments by place and by name."""

    places: tuple[str, ...]
    named: Mapping[str, str]


def lift_shortcodes(text: str, page: Page, unknown: Unknown) -> str:
    """Return text with shortcodes as Markdown; `{{{< x >}}}` shows `{{< x >}}`."""
    if "{{<" not in text:
        return text

    line = line_numbers(text)

    def lift(tag: re.Match[str]) -> str:
        if tag[1] and tag[5]:
            return words(tag[0][1:-1])
        if tag[2]:
            return tag[1] + tag[5]
        write = WRITERS.get(tag[3])
        if tag[3] in (*ICONS, *NOTHING):
            return tag[1] + tag[5]
        written = write(_call(tag[4]), page) if write else None
        if written is None:
            unknown.add(tag[3], line(tag.start()))
            return (
                tag[1] + (online(page) if is_alone(text, tag.start(), tag.end()) else "") + tag[5]
            )
        return tag[1] + written + tag[5]

    return TAG.sub(lift, text)


def _call(source: str) -> Call:
    places: list[str] = []
    named: dict[str, str] = {}
    for one in ARGUMENT.finditer(source):
        if one[1]:
            named[one[1]] = one[2] or one[3] or one[4] or ""
        else:
            places.append(one[5] or one[6] or one[7] or "")
    return Call(tuple(places), named)


def _video(call: Call, _page: Page) -> str | None:
    url = call.places[0] if call.places else call.named.get("src", "")
    title = call.named.get("title") or call.named.get("aria-label", "")
    return video(url, title) if url else None


def _meta(call: Call, page: Page) -> str | None:
    return _looked_up(call, page.matter.values) or _looked_up(call, page.site.settings)


def _variable(call: Call, page: Page) -> str | None:
    if page.site.root is None:
        return None
    try:
        return _looked_up(call, read_settings(page.site.root / "_variables.yml"))
    except NoConfiguration:
        return None


def _looked_up(call: Call, values: Any) -> str | None:
    for name in call.places[0].split(".")[:10] if call.places else ("",):
        values = values.get(name) if isinstance(values, dict) else None
    if isinstance(values, bool) or not isinstance(values, str | int | float):
        return None
    return words(str(values))


def _keys(call: Call, _page: Page) -> str | None:
    return f"<kbd>{words(' '.join(call.places))}</kbd>" if call.places else None


WRITERS: Mapping[str, Callable[[Call, Page], str | None]] = {
    "video": _video,
    "meta": _meta,
    "var": _variable,
    "kbd": _keys,
}
