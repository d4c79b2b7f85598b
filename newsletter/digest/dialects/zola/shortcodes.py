"""Zola's shortcodes as Markdown: the site's own, and those that many sites share."""

import re
from html import escape

from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.shortcodes.call import Call, Shown
from newsletter.digest.dialects.shortcodes.known import understood
from newsletter.digest.dialects.shortcodes.lifting import lift
from newsletter.digest.dialects.shortcodes.templates import INNER, NAME, Templates
from newsletter.digest.dialects.zola.tags import tags

OUTPUT = re.compile(r"\{\{-?\s*(\w+)\s*((?:\|\s*\w+(?:\([^(){}]*\))?\s*)*)-?\}\}")
REMARK = re.compile(r"\{#.*?#\}", re.DOTALL)
FILTER = re.compile(r"\|\s*(\w+)")
# What may follow a value and changes nothing that matters here.
FILTERS = ("safe", "markdown", "trim", "escape", "linebreaksbr")


def lift_shortcodes(body: str, page: Page) -> Lifted:
    """Return the body without shortcodes, and a finding for each kind that nobody knows."""
    if "{{" not in body and "{%" not in body:
        return Lifted(body)
    theme = page.site.settings.get("theme")
    themes = [f"themes/{theme}/"] if isinstance(theme, str) and NAME.fullmatch(theme) else []
    templates = Templates(page.site.root, (f"{one}templates/shortcodes" for one in ("", *themes)))

    def show(call: Call) -> Shown | None:
        return understood(call, templates.named(call.name), fill)

    return lift(body, tags(body), page, show)


def fill(source: str, call: Call) -> str | None:
    """Put arguments into a template that has no more than outputs; nothing of Tera's is run."""
    parts: list[str] = []
    at = 0
    source = REMARK.sub("", source)
    for output in OUTPUT.finditer(source):
        filters = FILTER.findall(output[2])
        if not set(filters) <= set(FILTERS):
            return None
        parts += [source[at : output.start()], _value(output[1], "safe" in filters, call)]
        at = output.end()
    rest = [*parts[::2], source[at:]]
    return (
        None if any("{{" in one or "{%" in one for one in rest) else "".join([*parts, source[at:]])
    )


def _value(name: str, is_safe: bool, call: Call) -> str:
    if name == "body":
        return INNER if call.inner is not None else ""
    value = call.get(name.lower())
    return value if is_safe else escape(value)
