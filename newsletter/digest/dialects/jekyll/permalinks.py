"""Where Jekyll publishes a file: the styles and tokens of its permalinks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from newsletter.digest.dates import parse_date
from newsletter.digest.dialects.jekyll.documents import Document, of_collection
from newsletter.digest.dialects.liquid.dates import moment, strftime

STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
TOKEN = re.compile(r":([a-z_]+)")
TIMES = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
    "i_day": "%-d",
    "i_month": "%-m",
    "short_month": "%b",
    "long_month": "%B",
    "short_year": "%y",
    "w_year": "%G",
    "week": "%V",
    "w_day": "%u",
    "short_day": "%a",
    "long_day": "%A",
    "y_day": "%j",
}
# What an address keeps as it is: RFC 3986's characters of a path, and what is quoted already.
SAFE = "/%!$&'()*+,;=:@~-._"
HTML = (".html", ".htm", ".xhtml")
MARKDOWN = (".markdown", ".mkdown", ".mkdn", ".mkd", ".md")


@dataclass(frozen=True, slots=True)
class Permalinks:
    """The rules of one site, as its configuration has them."""

    settings: Mapping[str, Any]

    def path(self, one: Document, values: Mapping[str, Any]) -> str | None:
        """Return the path at which a file is published, None for a file that is not.

        `values` is its front matter with all defaults.
        """
        if values.get("published") is False:
            return None
        written = values.get("permalink")
        template = written if isinstance(written, str) and written else self._template(one)
        if template is None:
            return None
        filled = self._page(template, one) if one.kind == "pages" else None
        if filled is None:
            filled = self._document(template, one, values)
        return None if filled is None else _sanitised(filled)

    def _template(self, one: Document) -> str | None:
        settings = of_collection(self.settings, one.kind)
        style = self.settings.get("permalink", "date")
        style = style if isinstance(style, str) and style else "date"
        named = settings.get("permalink")
        if one.is_post:
            named = of_collection(self.settings, "posts").get("permalink")
            return str(named) if isinstance(named, str) else STYLES.get(style, style)
        if one.kind == "pages":
            return _of_page(one, style)
        if settings.get("output") is not True:
            return None
        return str(named) if isinstance(named, str) else _like("/:collection/:path", style)

    def _page(self, template: str, one: Document) -> str:
        ending = ".html" if one.path.suffix in HTML + MARKDOWN else one.path.suffix
        folder = "" if one.path.parent == PurePosixPath(".") else f"{one.path.parent}/"
        for token, value in (("path", folder), ("basename", one.slug), ("output_ext", ending)):
            template = template.replace(f":{token}", quote(value, safe=SAFE))
        return template

    def _document(self, template: str, one: Document, values: Mapping[str, Any]) -> str | None:
        at = self.moment(values.get("date"))
        unknown = False

        def fill(found: re.Match[str]) -> str:
            nonlocal unknown
            for name in (found[1], found[1].rstrip("_")):
                value = _token(name, one, values, at)
                if value is not None:
                    return quote(value, safe=SAFE) + found[1][len(name) :]
            unknown = True
            return ""

        filled = TOKEN.sub(fill, template)
        return None if unknown else filled

    def moment(self, value: Any) -> datetime | None:
        """Return a date of the front matter in the site's own time zone.

        YAML in Ruby takes a time without a zone for UTC, the same time in quotes for the site's own,
        and a day alone for the site's midnight.
        """
        read = parse_date(value) if isinstance(value, str) else value
        at = moment(read)
        if at is None or not isinstance(read, datetime):
            return at
        own = self.zone if isinstance(value, str) else UTC
        return (at if at.tzinfo else at.replace(tzinfo=own)).astimezone(self.zone)

    @property
    def zone(self) -> tzinfo:
        """The time zone of the site, UTC where its configuration names none."""
        named = self.settings.get("timezone")
        try:
            return ZoneInfo(named) if isinstance(named, str) else UTC
        except (ValueError, OSError, LookupError):
            return UTC


def _of_page(one: Document, style: str) -> str:
    if one.path.suffix not in HTML + MARKDOWN:
        return "/:path/:basename:output_ext"
    return "/:path/" if one.slug == "index" else _like("/:path/:basename", style)


def _like(template: str, style: str) -> str:
    """Return a template that ends as the posts' one does."""
    if style == "pretty" or style.endswith("/"):
        return f"{template}/"
    is_file = style in ("date", "ordinal", "none") or style.endswith(":output_ext")
    return f"{template}:output_ext" if is_file else template


def _token(name: str, one: Document, values: Mapping[str, Any], at: datetime | None) -> str | None:
    if name in TIMES:
        return strftime(at, TIMES[name]) if at else None
    slug = values.get("slug")
    own = str(slug) if isinstance(slug, str | int) and not isinstance(slug, bool) else one.slug
    if name == "title":
        return slugify(own, cased=True)
    if name == "slug":
        return slugify(own)
    if name == "name":
        return slugify(one.path.stem)
    if name == "categories":
        return "/".join(dict.fromkeys(each.lower() for each in categories(one, values)))
    if name == "slugified_categories":
        return "/".join(dict.fromkeys(slugify(each) for each in categories(one, values)))
    if name == "path":
        return str(one.inner.with_suffix("")).rstrip(".")
    return {"collection": one.kind, "output_ext": ".html"}.get(name)


def categories(one: Document, values: Mapping[str, Any]) -> list[str]:
    """Return a post's categories: of the folders above `_posts`, then as the front matter has them."""
    several, single = values.get("categories"), values.get("category")
    if isinstance(several, str):
        several = several.split()
    found = [*one.categories, *(several if isinstance(several, list) else ())]
    found += single if isinstance(single, list) else [single]
    return list(dict.fromkeys(str(each) for each in found if each not in (None, "")))


def slugify(text: str, *, cased: bool = False) -> str:
    """Return words as Jekyll writes them into an address; `cased` is how it writes titles."""
    kept = r"[^\w.~!$&'()+,;=@]+" if cased else r"[\W_]+"
    slug = re.sub(r"\A-|-\Z", "", re.sub(kept, "-", text))
    return slug if cased else slug.lower()


def _sanitised(path: str) -> str:
    path = f"/{path}".replace("..", "/").replace("./", "")
    return quote(unquote(re.sub(r"/{2,}", "/", path)), safe=SAFE.replace("%", ""))


def joined(base: str, path: str) -> str:
    """Return an absolute address: the base address without its last slash, and a path."""
    return base.rstrip("/") + path
