"""What Hugo reads in front matter, and in a file's name, beyond what all generators do."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from newsletter.digest.dates import DATED_NAME, dated_name
from newsletter.digest.dialects.dialect import Page
from newsletter.findings import Finding

# https://gohugo.io/configuration/front-matter/
DATES = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
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
