"""Where Pelican publishes things: the `…_URL` settings and what stands in their braces."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from newsletter.digest.dates import parse_date
from newsletter.digest.dialects.liquid.dates import moment, strftime
from newsletter.digest.dialects.pelican.slugs import slugify

USUAL: Mapping[str, str] = {
    "ARTICLE_URL": "{slug}.html",
    "ARTICLE_SAVE_AS": "{slug}.html",
    "ARTICLE_LANG_URL": "{slug}-{lang}.html",
    "ARTICLE_LANG_SAVE_AS": "{slug}-{lang}.html",
    "DRAFT_URL": "drafts/{slug}.html",
    "DRAFT_SAVE_AS": "drafts/{slug}.html",
    "DRAFT_LANG_URL": "drafts/{slug}-{lang}.html",
    "DRAFT_LANG_SAVE_AS": "drafts/{slug}-{lang}.html",
    "PAGE_URL": "pages/{slug}.html",
    "PAGE_SAVE_AS": "pages/{slug}.html",
    "PAGE_LANG_URL": "pages/{slug}-{lang}.html",
    "PAGE_LANG_SAVE_AS": "pages/{slug}-{lang}.html",
    "DRAFT_PAGE_URL": "drafts/pages/{slug}.html",
    "DRAFT_PAGE_SAVE_AS": "drafts/pages/{slug}.html",
    "DRAFT_PAGE_LANG_URL": "drafts/pages/{slug}-{lang}.html",
    "DRAFT_PAGE_LANG_SAVE_AS": "drafts/pages/{slug}-{lang}.html",
    "STATIC_URL": "{path}",
    "AUTHOR_URL": "author/{slug}.html",
    "CATEGORY_URL": "category/{slug}.html",
    "TAG_URL": "tag/{slug}.html",
    "INDEX_SAVE_AS": "index.html",
}
FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
# Settings that name no slug themselves, and the kind whose substitutions make it.
KINDS = {"author": "AUTHOR", "category": "CATEGORY", "tag": "TAG"}


def setting(settings: Mapping[str, Any], name: str) -> str:
    """Return a setting that is a text, as Pelican has it without one."""
    value = settings.get(name)
    return value if isinstance(value, str) else USUAL.get(name, "")


def filled(template: str, values: Mapping[str, Any]) -> str | None:
    """Return a template with its fields filled in; None when one of them is not known."""
    parts: list[str] = []
    at = 0
    for found in FIELD.finditer(template):
        value = values.get(found[1])
        if isinstance(value, datetime):
            made = strftime(value, found[2] or "%Y-%m-%d %H:%M:%S")
        elif isinstance(value, str) and not found[2]:
            made = value
        else:
            return None
        parts += [template[at : found.start()], made]
        at = found.end()
    return "".join([*parts, template[at:]])


def place(
    kind: str, values: Mapping[str, Any], settings: Mapping[str, Any], what: str
) -> str | None:
    """Return the path of an article or a page below the site; `what` is `URL` or `SAVE_AS`.

    `values` is its front matter, small letters, with `path` for its file; a `url` or `save_as` of
    its own counts as it stands.
    """
    own = values.get(what.lower())
    if isinstance(own, str) and own:
        return own
    fields = _fields(values, settings)
    if fields is None:
        return None
    draft = "DRAFT" if str(values.get("status", "")).lower() == "draft" else ""
    kind = {"ARTICLE": draft or kind}.get(kind, f"{draft}_{kind}" if draft else kind)
    is_other = fields["lang"].lower() != _default_language(settings).lower()
    name = f"{kind}_LANG_{what}" if is_other else f"{kind}_{what}"
    return filled(setting(settings, name), fields)


def named(kind: str, name: str, settings: Mapping[str, Any]) -> str | None:
    """Return the path of the page of an author, a category or a tag."""
    slug = slugify(name, settings, KINDS[kind])
    return None if slug is None else filled(setting(settings, f"{KINDS[kind]}_URL"), {"slug": slug})


def _default_language(settings: Mapping[str, Any]) -> str:
    value = settings.get("DEFAULT_LANG")
    return value if isinstance(value, str) else "en"


def _fields(values: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any] | None:
    slug = _slug(values, settings)
    if slug is None:
        return None
    fields: dict[str, Any] = {key: one for key, one in values.items() if isinstance(one, str)}
    read = values.get("date")
    fields["date"] = moment(parse_date(read) if isinstance(read, str) else read)
    fields["lang"] = str(values.get("lang") or _default_language(settings))
    category = values.get("category") or settings.get("DEFAULT_CATEGORY") or "misc"
    fields["category"] = slugify(str(category), settings, "CATEGORY")
    author = values.get("author") or values.get("authors") or settings.get("AUTHOR")
    first = author[0] if isinstance(author, list) and author else author
    if isinstance(first, str):
        fields["author"] = slugify(first, settings, "AUTHOR")
    return fields | {"slug": slug}


def _slug(values: Mapping[str, Any], settings: Mapping[str, Any]) -> str | None:
    own = values.get("slug")
    if own not in (None, ""):
        return str(own).strip()
    if settings.get("SLUGIFY_SOURCE") == "basename":
        stem = str(values.get("path", "")).rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return slugify(stem, settings)
    title = values.get("title")
    return slugify(str(title), settings) if title else None
