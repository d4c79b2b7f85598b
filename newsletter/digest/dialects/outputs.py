"""`{{ page.title }}`: outputs of values that the post's own front matter holds, as templates have them."""

import re

from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.lines import is_alone, line_numbers
from newsletter.digest.dialects.liquid.expressions import filtered
from newsletter.digest.dialects.liquid.filters import FILTERS
from newsletter.digest.dialects.liquid.markup import NotRead
from newsletter.digest.dialects.liquid.operations import Scope
from newsletter.digest.dialects.liquid.values import Nothing
from newsletter.digest.dialects.liquid.values import words as liquid_words
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.dialects.written import words

OUTPUT = re.compile(r"\{\{-?(?![<%])([^{}\n]{1,400}?)-?\}\}")
# Where front matter stands in templates: `$frontmatter.x`, `$page.title`, `page.meta.x`, `this.x`.
TABLES = ("page", "frontmatter", "frontMatter", "meta", "this")


def output_value(source: str, page: Page) -> str | None:
    """Return what an output comes to by the post's front matter, None when that does not tell."""
    values = {**page.matter.values, "title": page.metadata.title}
    table = {**values, "frontmatter": values, "meta": values}
    scope = Scope({**values, **dict.fromkeys(TABLES, table)}, FILTERS)
    try:
        value = filtered(source.strip().removeprefix("$"))(scope)
    except NotRead:
        return None
    if value is None or isinstance(value, bool | Nothing):
        return None
    return liquid_words(value) or None


def lift_outputs(text: str, page: Page, unknown: Unknown) -> str:
    """Return text, whose code is hidden, with the values of its outputs."""
    if "{{" not in text:
        return text

    line = line_numbers(text)

    def lift(found: re.Match[str]) -> str:
        value = output_value(found[1], page)
        if value is not None:
            return words(value)
        unknown.compute(f"{{{{ {found[1].strip()[:60]} }}}}", line(found.start()))
        return online(page) if is_alone(text, found.start(), found.end()) else ""

    return OUTPUT.sub(lift, text)
