"""Fills in the outputs of a short text that is no body: an address, a title, a file's name."""

import re

from newsletter.digest.dialects.liquid.expressions import filtered
from newsletter.digest.dialects.liquid.markup import NotRead
from newsletter.digest.dialects.liquid.operations import Scope
from newsletter.digest.dialects.liquid.values import Nothing, words

OUTPUT = re.compile(r"\{\{-?(.{1,400}?)-?\}\}")
LONGEST = 4_000


def fill(template: str, scope: Scope) -> str | None:
    """Return a text with its outputs filled in; None when one is not known, or it holds a tag."""
    if "{%" in template or len(template) > LONGEST:
        return None
    filled, at = [], 0
    for found in OUTPUT.finditer(template):
        try:
            value = filtered(found[1].strip())(scope)
        except NotRead:
            return None
        written = None if isinstance(value, Nothing) else words(value)
        if written is None:
            return None
        filled += [template[at : found.start()], written]
        at = found.end()
    return "".join([*filled, template[at:]])
