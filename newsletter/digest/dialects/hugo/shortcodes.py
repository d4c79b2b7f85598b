"""Hugo's shortcodes as Markdown: its own, those of the site, and those that many themes share."""

import re

from newsletter.digest.code_spans import fences
from newsletter.digest.dialects.attributes import read_attributes
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.hugo.content import layouts
from newsletter.digest.dialects.hugo.own import fill
from newsletter.digest.dialects.hugo.references import References
from newsletter.digest.dialects.hugo.tags import tags
from newsletter.digest.dialects.shortcodes.call import Call, Shown, instead
from newsletter.digest.dialects.shortcodes.known import understood
from newsletter.digest.dialects.shortcodes.lifting import lift
from newsletter.digest.dialects.shortcodes.templates import Templates
from newsletter.digest.dialects.written import code_span, words

# How one theme parts the columns between its tags.
ATTRIBUTES = re.compile(
    r"(?<=\n)[ \t>]*\{[ \t]*([.#][\w-][^{}\n]*|[\w-]+=[^{}\n]*)\}[ \t]*$", re.MULTILINE
)
PARTING = re.compile(r"^[ \t]*<--->[ \t]*$", re.MULTILINE)


def lift_shortcodes(body: str, page: Page) -> Lifted:
    """Return the body without shortcodes, and a finding for each kind that nobody knows."""
    if "}\n" in body or body.endswith("}"):
        body = _without_attributes(body)
    if "{{<" not in body and "{{%" not in body:
        return Lifted(body)
    if "<--->" in body:
        body = PARTING.sub("", body)
    references = References(page)
    templates = Templates(page.site.root, _folders(page))

    def show(call: Call) -> Shown | None:
        if call.name in ("ref", "relref"):
            return instead(references.address(call))
        if call.name == "param":
            return _param(call)
        if call.name == "highlight" and "hl_inline=true" in call.get(at=1).replace(" ", ""):
            return instead(code_span(call.inner or ""))
        return understood(call, templates.named(call.name), fill)

    return lift(body, tags(body), page, show)


def _without_attributes(body: str) -> str:
    """Return the body without the lines that set a block's attributes, such as `{.lead}`.

    https://gohugo.io/content-management/markdown-attributes/: below the block, in braces.
    """
    return "".join(
        piece.text if piece.is_code else ATTRIBUTES.sub(_gone, piece.text) for piece in fences(body)
    )


def _gone(found: re.Match[str]) -> str:
    return found[0] if read_attributes(found[1]) is None else ""


def _folders(page: Page) -> list[str]:
    """Return where a site keeps its shortcodes, and where its themes do."""
    return layouts(page.site.settings, ("shortcodes", "_shortcodes"))


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
