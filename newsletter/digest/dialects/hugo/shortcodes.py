"""Takes a site's template tags (Hugo's shortcodes) out of Markdown, and names each with its line."""

import re

from newsletter.digest.code_spans import TICKS, end_of_span, fences
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.unknown import Unknown

TAG = re.compile(r"\{\{([<%])")
ESCAPED = re.compile(r"\{\{([<%])/\*(.*?)\*/([>%])\}\}", re.DOTALL)
NAME = re.compile(r"\s*/?\s*([\w./-]+)")
TAG_OR_TICKS = re.compile(rf"{TICKS.pattern}|{TAG.pattern}")
# A tag that is longer is none: somebody wrote two braces and never closed them.
LONGEST = 4_000


def lift_shortcodes(body: str, page: Page) -> Lifted:
    """Return the body without shortcodes, line for line, and a finding for each kind of them.

    What stands between an opening and a closing tag stays. Code is left as it is, but for the
    comment marks by which an author shows a tag without running it.
    """
    if "{{<" not in body and "{{%" not in body:
        return Lifted(body)
    parts: list[str] = []
    unknown = Unknown()
    for piece in fences(body):
        if piece.is_code:
            parts.append(_as_shown(piece.text))
        else:
            parts.append(_lift(piece.text, piece.line, unknown))
    return Lifted("".join(parts), unknown.findings(page.path))


def _lift(text: str, line: int, unknown: Unknown) -> str:
    """Return prose without its tags; `line` is where it begins, `unknown` collects names."""
    last_ticks = {len(run[0]): run.start() for run in TICKS.finditer(text)}
    parts: list[str] = []
    at = 0
    while found := TAG_OR_TICKS.search(text, at):
        parts.append(text[at : found.start()])
        if found[0][0] == "`":
            at = end_of_span(text, found, last_ticks)
            parts.append(_as_shown(text[found.start() : at]))
            continue
        escaped = ESCAPED.match(text, found.start(), found.start() + LONGEST)
        at = escaped.end() if escaped else _end_of_tag(text, found.end())
        if not at:
            at = found.end()
            parts.append(found[0])
            continue
        tag = text[found.start() : at]
        name = NAME.match(tag, 3)
        if name and not escaped and not name[0].lstrip().startswith("/"):
            unknown.add(name[1], line + text.count("\n", 0, found.start()))
        parts.append(_as_shown(tag) if escaped else "\n" * tag.count("\n"))
    parts.append(text[at:])
    return "".join(parts)


def _as_shown(code: str) -> str:
    return ESCAPED.sub(r"{{\1\2\3}}", code)


def _end_of_tag(text: str, start: int) -> int:
    """Return where the tag that opened before `start` ends, 0 when it does not."""
    quote = ""
    at = start
    following = TAG.search(text, start, start + LONGEST)
    last = following.start() if following else min(len(text), start + LONGEST)
    while at < last:
        letter = text[at]
        if quote:
            if letter == "\\" and quote == '"':
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in '"`':
            quote = letter
        elif letter in ">%" and text.startswith("}}", at + 1):
            return at + 3
        at += 1
    return 0
