"""What Hugo reads in front matter, and in a file's name, beyond what all generators do."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from newsletter.digest.dates import DATED_NAME, dated_name
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.shortcodes.call import Bundle
from newsletter.digest.dialects.shortcodes.pictures import PICTURES
from newsletter.digest.front_matter import FrontMatter
from newsletter.findings import Finding

# https://gohugo.io/configuration/front-matter/
DATES = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
COVER_NAME = re.compile(r"(?:cover|feature|hero|header|banner|thumb|poster|teaser)", re.IGNORECASE)
COVER_FILE = re.compile(r"(?:featured?|cover)(?:[-_. ].*)?\.\w+", re.IGNORECASE)
BUILD = ("build", "_build")


def date_sources(settings: Mapping[str, Any]) -> Sequence[str]:
    """Return where a site looks for a page's date, in small letters, the first one before others."""
    table = settings.get("frontmatter")
    named = table.get("date") if isinstance(table, dict) else None
    written = [str(one).lower() for one in named] if isinstance(named, list) else [":default"]
    return [source for one in written for source in (DATES if one == ":default" else (one,))]


def dated(values: Mapping[str, Any], name: str, sources: Sequence[str]) -> dict[str, Any]:
    """Return the date of a page where these sources say it, and the slug that its name says.

    `name` is the file's, or its folder's: `2026-11-05-words`.
    """
    lowered = {key.lower(): value for key, value in values.items()}
    for source in sources:
        if source == ":filename":
            when = dated_name(Path(name))
            found = DATED_NAME.match(name)
            if when is None or found is None:
                continue
            rest = name[found.end() :].strip("-_. ")
            slug = {"slug": rest} if rest and not lowered.get("slug") else {}
            return {"date": when, **slug}
        if lowered.get(source):
            return {"date": lowered[source]}
    return {}


def cover(matter: FrontMatter, file: Path) -> dict[str, str]:
    """Return the picture that a bundle's resources, or its files' names, make the page's cover.

    Themes look for `feature*`, `featured*` and `cover*` beside the post; one that the text shows
    itself is none.
    """
    bundle = Bundle(file.parent)
    resources = matter.values.get("resources")
    for entry in resources if isinstance(resources, list) else ():
        name, src = (entry.get("name"), entry.get("src")) if isinstance(entry, dict) else ("", "")
        if isinstance(name, str) and isinstance(src, str) and COVER_NAME.match(name):
            found = [one for one in bundle.matching(src) if one.lower().endswith(PICTURES)]
            if found or not set(src) & set("*?{["):
                return {"image": (found or [src])[0], "alt": _alt(entry)}
    if file.stem.partition(".")[0] == "index":
        for name in bundle.matching("{feature,featured,cover}*"):
            is_cover = COVER_FILE.fullmatch(name) and name.lower().endswith(PICTURES)
            if is_cover and name not in matter.body:
                return {"image": name, "alt": ""}
    return {}


def _alt(entry: Mapping[str, Any]) -> str:
    params = entry.get("params")
    told = (params.get("alt") if isinstance(params, dict) else None, entry.get("title"))
    return next((one for one in told if isinstance(one, str) and ":counter" not in one), "")


def hidden(page: Page) -> tuple[Finding, ...]:
    """Return a finding for a page that Hugo makes no page of its own for."""
    values = {key.lower(): value for key, value in page.matter.values.items()}
    tables = [values[name] for name in BUILD if isinstance(values.get(name), dict)]
    is_hidden = values.get("headless") is True
    is_hidden = is_hidden or any(
        table.get("render") in (False, "never", "link") for table in tables
    )
    if not is_hidden:
        return ()
    return (
        Finding(
            "not-published",
            "The front matter says that the site makes no page of this post.",
            path=page.path,
            line=page.matter.line("headless", *BUILD),
        ),
    )
