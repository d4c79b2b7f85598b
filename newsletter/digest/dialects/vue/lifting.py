"""Everything that makes plain Markdown of a post for VuePress or VitePress, in order."""

import re
from dataclasses import replace
from pathlib import Path

from newsletter.digest.code_spans import Hidden
from newsletter.digest.dialects.code_marks import without_code_marks
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.includes import included, read_below
from newsletter.digest.dialects.lines import added, composed, line_numbers, settled
from newsletter.digest.dialects.mdx.expressions import first_string
from newsletter.digest.dialects.mdx.lifting import lift_boxes, lift_components
from newsletter.digest.dialects.outputs import lift_outputs
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.dialects.vue.site import VueSite
from newsletter.digest.dialects.written import code

INCLUDE = re.compile(
    r"^[ \t]*<!--[ \t]*@include:[ \t]*([^\s{}<>]{1,300})[^\n>]{0,100}-->[ \t]*$", re.M
)
CODE = re.compile(
    r"^([ \t]*)<<<[ \t]+([^\s{}\[\]#]{1,300})(?:#([\w.-]{1,80}))?(?:\{([^{}\n]{0,100})\})?"
    r"(?:[ \t]*\[([^\[\]\n]{0,100})\])?[ \t]*$",
    re.MULTILINE,
)
BLOCK = re.compile(r"^<(script|style)\b[^>]{0,400}>", re.MULTILINE)
IMPORT = re.compile(
    r"^[ \t]*import[ \t]+([\w$]{1,80})[ \t]+from[ \t]+([\"'][^\"'\n]{1,300}[\"'])", re.M
)
CONTENTS = re.compile(r"^[ \t]*\[\[?(?:toc|TOC|\[toc\])\]\]?[ \t]*$", re.MULTILINE)
MOST_FILES = 20


def lift_vue(body: str, page: Page) -> Lifted:
    """Return a body without outputs, components and boxes of Vue, and what could not be kept."""
    unknown = Unknown()
    whole = settled(without_code_marks(_with_files(body, page, unknown)))
    hidden = Hidden(whole.text)
    names: dict[str, str] = {}
    text = _without_scripts(hidden.text, names)
    line = line_numbers(text)
    for mark in CONTENTS.finditer(text):
        unknown.leave("[[toc]]", line(mark.start()))
    text = lift_outputs(CONTENTS.sub("", text), page, unknown)
    lifted = lift_boxes(lift_components(text, hidden, names, page, braces=False), page)
    lifted = replace(lifted, findings=(*lifted.findings, *unknown.findings(page.path)))
    lifted = composed(whole, lifted)
    return replace(lifted, text=hidden.shown(lifted.text))


def _without_scripts(text: str, names: dict[str, str]) -> str:
    """Return text without scripts and styles, line for line; what they import gets its name."""
    parts: list[str] = []
    at = 0
    while block := BLOCK.search(text, at):
        end = text.find(f"</{block[1]}>", block.end())
        if end < 0:
            break
        for found in IMPORT.finditer(text, block.end(), end):
            names.setdefault(found[1], first_string(found[2]))
        parts += [text[at : block.start()], "\n" * text.count("\n", block.start(), end)]
        at = end + len(block[1]) + 3
    return "".join([*parts, text[at:]])


def _with_files(body: str, page: Page, unknown: Unknown) -> str:
    """Return the body with other files of the site in the place of the lines that name them."""
    if "<<<" not in body and "@include" not in body:
        return body
    left = MOST_FILES
    number = line_numbers(body)
    source = page.site.source if isinstance(page.site, VueSite) else page.path.parent

    def include(line: re.Match[str]) -> str:
        nonlocal left
        left -= 1
        text = included(page, _named(line[1], page)) if left >= 0 else None
        return line[0] if text is None else added(text)

    def imported(line: re.Match[str]) -> str:
        nonlocal left
        left -= 1
        text = read_below(page, _named(line[2], page), source) if left >= 0 else None
        text = _region(text, line[3]) if text is not None and line[3] else text
        if text is None:
            unknown.add(f"<<< {line[2]}", number(line.start()))
            return online(page)
        language = (line[4] or "").rpartition(" ")[2] or Path(line[2]).suffix.lstrip(".")
        title = f"[{line[5]}]" if line[5] else ""
        first, *rest = code(text, language).split("\n")
        return added("\n".join(line[1] + one for one in (f"{first} {title}".rstrip(), *rest)))

    hidden = Hidden(body)
    return hidden.shown(CODE.sub(imported, INCLUDE.sub(include, hidden.text)))


def _named(name: str, page: Page) -> str:
    """Return a name that begins with a slash where `@/` stands for the source folder."""
    return name.removeprefix("@") if name.startswith("@/") else name


def _region(text: str, name: str) -> str | None:
    lines = text.split("\n")
    starts = [
        at
        for at, line in enumerate(lines)
        if re.search(rf"#?region\b.*\b{re.escape(name)}\b", line)
    ]
    if not starts:
        return None
    inner = lines[starts[0] + 1 :]
    end = next((at for at, line in enumerate(inner) if "endregion" in line), len(inner))
    return "\n".join(inner[:end])
