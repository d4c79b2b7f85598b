"""`{{ page.title }}`: outputs of values that the post's own front matter holds, as templates have them."""

import re

from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.lines import is_alone, line_numbers
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.dialects.written import words

OUTPUT = re.compile(r"\{\{-?(?![<%])([^{}\n]{1,400}?)-?\}\}")
# `$frontmatter.x`, `$page.title`, `page.meta.x`, `frontmatter["x"]`, and a string.
NAME = re.compile(
    r"\s*\$?(?:page\.frontmatter|page\.meta|page|frontmatter|frontMatter|meta|this)"
    r"(?:\.([\w.-]{1,80})|\[[\"']([\w.-]{1,80})[\"']\])\s*"
)
QUOTED = re.compile(r"\s*[\"']([^\"'{}]{0,300})[\"']\s*")


def output_value(source: str, page: Page) -> str | None:
    """Return what an output comes to by the post's front matter, None when that does not tell."""
    quoted = QUOTED.fullmatch(source)
    if quoted:
        return quoted[1]
    named = NAME.fullmatch(source)
    if named is None:
        return None
    value: object = page.matter.values
    for key in (named[1] or named[2]).split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return page.metadata.title or None if (named[1] or named[2]) == "title" else None
    return str(value)


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
