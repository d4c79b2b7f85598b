"""The generic path: whatever still looks like a template's machinery is taken out and named."""

import re

from newsletter.digest.code_spans import pieces
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.unknown import Unknown, online

# Output, tags and comments of Liquid, Nunjucks, Tera, Twig, Jinja, Handlebars and Vue.
TAG = re.compile(r"\{\{(?![<%])[^{}\n]{1,400}\}\}|\{%[^%\n]{1,400}%\}|\{#[^#\n]{0,400}#\}")
NAME = re.compile(r"[{%#\s-]*([\w./-]{1,40})")


def lift_rest(body: str, page: Page) -> Lifted:
    """Return a body without the tags that a dialect left, and a finding for each kind of them.

    A tag alone on its line becomes a link to the post; one within a sentence goes. Code stays.
    """
    if "{{" not in body and "{%" not in body and "{#" not in body:
        return Lifted(body)
    unknown = Unknown()
    parts: list[str] = []
    for piece in pieces(body):
        if piece.is_code:
            parts.append(piece.text)
            continue
        parts.append(_lift(piece.text, piece.line, unknown, page))
    return Lifted("".join(parts), unknown.findings(page.path))


def _lift(text: str, first: int, unknown: Unknown, page: Page) -> str:
    def lift(tag: re.Match[str]) -> str:
        if tag[0].startswith("{#"):
            # `{#id}` is the anchor of a heading.
            return tag[0] if not tag[0].endswith("#}") else ""
        name = NAME.match(tag[0])
        unknown.add(name[1] if name else tag[0][:40], first + text.count("\n", 0, tag.start()))
        before = text.rfind("\n", 0, tag.start()) + 1
        after = text.find("\n", tag.end())
        line = text[before : after if after >= 0 else len(text)]
        return online(page) if line.strip() == tag[0] and tag[0].startswith("{{") else ""

    return TAG.sub(lift, text)
