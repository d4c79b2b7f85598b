"""Hugo's shortcodes as Markdown: its own, those of the site, and those that many themes share."""

import re

from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.hugo.own import expanded, template
from newsletter.digest.dialects.hugo.references import referred
from newsletter.digest.dialects.hugo.tags import tags
from newsletter.digest.dialects.shortcodes.call import Call, Shown, instead
from newsletter.digest.dialects.shortcodes.known import known
from newsletter.digest.dialects.shortcodes.lifting import lift
from newsletter.digest.dialects.written import words

# How one theme parts the columns between its tags.
PARTING = re.compile(r"^[ \t]*<--->[ \t]*$", re.MULTILINE)


def lift_shortcodes(body: str, page: Page) -> Lifted:
    """Return the body without shortcodes, and a finding for each kind that nobody knows."""
    if "{{<" not in body and "{{%" not in body:
        return Lifted(body)
    if "<--->" in body:
        body = PARTING.sub("", body)
    return lift(body, tags(body), page, _show)


def _show(call: Call) -> Shown | None:
    if call.name in ("ref", "relref"):
        return instead(referred(call))
    if call.name == "param":
        return _param(call)
    if call.name == "highlight" and call.inner is not None and "hl_inline=true" in call.get(at=1):
        return instead(words(call.text))
    own = template(call.page.site.root, _themes(call.page), call.name)
    show = known(call.name) or known(call.name.rpartition("/")[2])
    # A pair of tags with a name that everybody knows says more than its HTML.
    ways = [lambda one: expanded(own, one) if own else None, show or (lambda _: None)]
    for way in reversed(ways) if call.inner is not None else ways:
        shown = way(call)
        if shown is not None:
            return shown
    return None


def _themes(page: Page) -> tuple[str, ...]:
    named = page.site.settings.get("theme")
    return tuple(
        one for one in (named if isinstance(named, list) else [named]) if isinstance(one, str)
    )


def _param(call: Call) -> Shown | None:
    """Show a value of the front matter or of the site's parameters, as `param a.b` names it."""
    path = call.get("name", at=0).lower().split(".")
    site = call.page.site.settings.get("params")
    for values in (call.page.matter.values, call.page.matter.values.get("params"), site):
        value: object = values
        for key in path:
            value = _lowered(value).get(key) if isinstance(value, dict) else None
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return instead(str(value) if isinstance(value, str) else words(str(value)))
    return None


def _lowered(values: dict[str, object]) -> dict[str, object]:
    return {str(key).lower(): value for key, value in values.items()}
