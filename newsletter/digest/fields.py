"""The fields of a site's own front matter, whichever names its generator gave them."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

# What a generator may call each field, the first one that says anything counts. Capitals, hyphens
# and underscores make no difference; a dot leads into a table. docs/writing-a-digest.md shows it.
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("title",),
        "subtitle": ("subtitle", "tagline", "deck"),
        "description": (
            *("description", "summary", "excerpt", "abstract", "meta.description"),
            *("seo.description", "metaDescription", "lead", "subtitle", "tagline", "deck"),
        ),
        "date": (
            *("date", "date.created", "pubDate", "publishDate", "publishedAt", "publishedOn"),
            *("publicationDate", "datePublished", "published", "created", "createdAt", "posted"),
        ),
        "publishes": ("publishDate", "pubDate"),
        "expires": ("expiryDate", "unpublishDate", "expires"),
        "authors": ("author", "authors", "by", "byline", "writer"),
        "tags": ("tags", "tag", "keywords"),
        "categories": ("categories", "category", "topics"),
        "cover": (
            *("cover", "coverImage", "image", "featured", "featuredImage", "featureImage"),
            *("hero", "heroImage", "banner", "header.teaser", "header.image"),
            *("header.overlayImage", "thumbnail", "thumb", "teaser", "photo", "images"),
            *("previewImage", "socialImage", "ogImage", "og.image", "openGraph.image"),
            *("seo.image", "social.image", "twitterImage"),
        ),
        "language": ("lang", "language", "locale"),
        "slug": ("slug",),
        "url": ("url",),
        "permalink": ("permalink", "path"),
        "aliases": ("aliases", "alias", "redirectFrom", "redirects"),
    }
)
# Where generators put what is not theirs: Hugo's params, Zola's extra and taxonomies.
TABLES = ("params", "extra", "taxonomies", "custom")
DEEPEST = 3


class Values:
    """Front matter by plain names; the keys of a generator's own tables stand for themselves."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._flat: dict[str, Any] = dict(_flat(values))
        for name in TABLES:
            table = values.get(name)
            if isinstance(table, dict):
                for key, value in _flat(table):
                    if self._flat.get(key) in (None, "", [], {}):
                        self._flat[key] = value

    def get(self, name: str) -> Any:
        """Return the value of one key, None for one that is empty or not there."""
        value = self._flat.get(plain_key(name))
        return None if value in ("", [], {}) else value

    def found(self, field: str) -> Iterator[tuple[str, Any]]:
        """Yield the keys of a field that say something, and their values."""
        for name in FIELDS[field]:
            value = self.get(name)
            if value is not None:
                yield name, value

    def text(self, field: str) -> str:
        """Return the first value of a field that is text, a number or a date."""
        return next((text for _, value in self.found(field) if (text := one_line(value))), "")

    def names(self, field: str) -> tuple[str, ...]:
        """Return the names in the first value of a field that holds any."""
        return next((names for _, value in self.found(field) if (names := _names(value))), ())


def _flat(values: Mapping[str, Any], above: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = above + plain_key(str(key))
        yield name, value
        if isinstance(value, dict) and depth < DEEPEST:
            yield from _flat(value, f"{name}.", depth + 1)


def plain_key(name: str) -> str:
    """Return a key without capitals, hyphens and underscores, which make no difference."""
    return name.lower().replace("_", "").replace("-", "")


def one_line(value: Any) -> str:
    """Return a value that is text, a number or a date as one line; empty for any other."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return ""
    return " ".join(str(value).split())


def _names(value: Any) -> tuple[str, ...]:
    """Read one name, a list, or tables with a `name` (which may be given and family)."""
    if isinstance(value, dict):
        name = value.get("name", value.get("title"))
        if isinstance(name, dict):
            return _joined(name)
        if name is not None:
            return _names(name)
        return _joined(value) or tuple(key for key in value if one_line(key))
    if isinstance(value, list):
        return tuple(dict.fromkeys(name for one in value for name in _names(one)))
    text = one_line(value)
    return (text,) if text else ()


def _joined(name: dict[str, Any]) -> tuple[str, ...]:
    literal = one_line(name.get("literal"))
    parts = ("given", "dropping-particle", "non-dropping-particle", "family")
    joined = " ".join(part for key in parts if (part := one_line(name.get(key))))
    return (literal or joined,) if literal or joined else ()
