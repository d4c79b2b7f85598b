"""Fills a Hugo template that only puts arguments into HTML; nothing of Go's templates is run."""

import html
import re

from newsletter.digest.dialects.shortcodes.call import Call
from newsletter.digest.dialects.shortcodes.templates import INNER

ACTION = re.compile(r"(\s*)\{\{(-?)(.*?)(-?)\}\}(\s*)", re.DOTALL)
REMARK = re.compile(r"/\*.*\*/", re.DOTALL)
GET = re.compile(r"\.Get\s+(?:(\d{1,3})|\"([\w-]+)\"|`([\w-]+)`)")
BETWEEN = re.compile(r"(?:\$?\.Page\.RenderString\s+)?\.Inner(?:Deindent)?")
# What may follow a value and changes nothing that matters here.
FILTERS = ("safeHTML", "safeURL", "safeHTMLAttr", "markdownify", "plainify", "htmlEscape")
RENDERED = (*FILTERS, ".Page.RenderString", "$.Page.RenderString")


def fill(source: str, call: Call) -> str | None:
    """Put arguments in, and a mark for what stands between the tags."""
    parts: list[str] = []
    at = 0
    for action in ACTION.finditer(source):
        value = _value(action[3].strip(), call)
        if value is None:
            return None
        left, right = "" if action[2] else action[1], "" if action[4] else action[5]
        parts += [source[at : action.start()], left, value, right]
        at = action.end()
    rest = source[at:]
    return None if "{{" in rest else "".join([*parts, rest])


def _value(action: str, call: Call) -> str | None:
    if REMARK.fullmatch(action):
        return ""
    said, *filters = (one.strip() for one in action.split("|"))
    got = GET.fullmatch(said)
    if got and set(filters) <= set(FILTERS):
        value = call.get(at=int(got[1])) if got[1] else call.get(got[2] or got[3])
        return value if "safeHTML" in filters else html.escape(value)
    if BETWEEN.fullmatch(said) and set(filters) <= set(RENDERED):
        return INNER if call.inner is not None else ""
    return None
