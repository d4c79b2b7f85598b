"""Everything that makes plain Markdown of a post for MkDocs, in order."""

import re
from dataclasses import replace

from newsletter.digest.code_spans import Hidden
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.includes import read_below
from newsletter.digest.dialects.lines import BREAK, composed, line_numbers, settled
from newsletter.digest.dialects.mkdocs.inline import lift_inline
from newsletter.digest.dialects.python_markdown.boxes import lift_blocks
from newsletter.digest.dialects.unknown import Unknown, online

SNIPPET = re.compile(
    r"^([ \t]*)-{1,4}8<-{1,4}[ \t]+[\"']([^\"'\n]{1,300})[\"'][ \t]*$", re.MULTILINE
)
CONTENTS = re.compile(r"^\[TOC\][ \t]*$", re.MULTILINE)
MOST_FILES = 20


def lift_mkdocs(body: str, page: Page) -> Lifted:
    """Return a body without the marks of Python-Markdown's extensions, and what could not be kept."""
    unknown = Unknown()
    whole = settled(_with_snippets(body, page, unknown))
    hidden = Hidden(whole.text)

    def generated(name: str, line: int) -> str:
        unknown.add(name, line)
        return online(page)

    text = lift_blocks(hidden.text, generated)
    line = line_numbers(text)
    for found in CONTENTS.finditer(text):
        unknown.leave("[TOC]", line(found.start()))
    lifted = settled(lift_inline(CONTENTS.sub("", text)), unknown.findings(page.path))
    lifted = composed(whole, lifted)
    return replace(lifted, text=hidden.shown(lifted.text))


def _with_snippets(body: str, page: Page, unknown: Unknown) -> str:
    """Return the body with other files of the site in the place of `--8<-- "file"`, also in code."""
    if "8<-" not in body:
        return body
    left = MOST_FILES
    line = line_numbers(body)

    def snippet(found: re.Match[str]) -> str:
        nonlocal left
        left -= 1
        # Names count from the site's root; a part of a file is not looked for.
        text = read_below(page, f"/{found[2]}") if left >= 0 else None
        if text is None:
            unknown.add(f"--8<-- {found[2]}", line(found.start()))
            return found[1] + online(page)
        return BREAK.join(found[1] + one for one in text.strip("\n").split("\n"))

    return SNIPPET.sub(snippet, body)
