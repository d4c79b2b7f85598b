"""Python-Markdown's extensions as plain Markdown and boxes."""

import re
from collections.abc import Sequence
from dataclasses import replace

from newsletter.digest.code_spans import Hidden
from newsletter.digest.dialects.dialect import Lifted, Page
from newsletter.digest.dialects.kramdown.blocks import lift_attributes
from newsletter.digest.dialects.lines import Line, composed, line_numbers, lines_of, settled
from newsletter.digest.dialects.python_markdown.boxes import lift_blocks
from newsletter.digest.dialects.unknown import Unknown, online

INDENT = re.compile(r"[ \t]*")
LANGUAGE = re.compile(
    r"[ \t]*(?::::|#!)(?P<name>[\w+#.-]+)(?:[ \t]+hl_lines=[\"'][\d ]*[\"'])?[ \t]*"
)
OPENING = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*")
CONTENTS = re.compile(r"^\[TOC\][ \t]*$", re.MULTILINE | re.IGNORECASE)


def lift_extensions(body: str, page: Page) -> Lifted:
    """Return a body in which what only these extensions understand is Markdown or a box."""
    unknown = Unknown()

    def generated(name: str, line: int) -> str:
        unknown.add(name, line)
        return online(page)

    lines = _with_languages(lines_of(Lifted(body)))
    coded = Lifted(
        "\n".join(line.text for line in lines), lines=tuple(line.number for line in lines)
    )
    hidden = Hidden(coded.text)
    text = lift_blocks(hidden.text, generated)
    line_of = line_numbers(text)
    for found in CONTENTS.finditer(text):
        unknown.leave("[TOC]", line_of(found.start()))
    boxed = settled(CONTENTS.sub("", text), unknown.findings(page.path))
    lifted = composed(coded, boxed)
    return lift_attributes(replace(lifted, text=hidden.shown(lifted.text)))


def _with_languages(lines: Sequence[Line]) -> list[Line]:
    """Turn `:::python` in the first line of code into the language of a fence."""
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        found = LANGUAGE.fullmatch(line.text)
        above = kept[-1] if kept else None
        if found is None:
            kept.append(line)
        elif above and above.is_code and (fence := OPENING.fullmatch(above.text)):
            kept[-1] = above.saying(f"{fence[1]}{fence[2]}{found['name']}")
        elif not line.is_code and (above is None or above.is_blank) and _is_set_in(line):
            end = _end(lines, at, 4)
            code = [one.saying(one.text.rstrip()) for one in map(_dedented, lines[at:end])]
            longest = max(
                (len(run) for one in code for run in re.findall("`+", one.text)), default=0
            )
            fence_of = "`" * max(3, longest + 1)
            kept += [line.saying(fence_of + found["name"]), *code]
            kept += [(code[-1] if code else line).saying(fence_of), line.saying("")]
            kept[-1] = kept[-2].saying("")
            at = end
        else:
            kept.append(line)
    return kept


def _end(lines: Sequence[Line], at: int, indent: int) -> int:
    """Return where the lines that are set in by so much end, without the blank ones after them."""
    end = at
    for number in range(at, len(lines)):
        line = lines[number]
        if line.is_blank:
            continue
        if len(INDENT.match(line.text)[0].expandtabs(4)) < indent:  # type: ignore[index]
            break
        end = number + 1
    return end


def _dedented(line: Line) -> Line:
    text = line.text
    if text.startswith("\t"):
        return line.saying(text[1:])
    return line.saying(text[min(4, len(text) - len(text.lstrip(" "))) :])


def _is_set_in(line: Line) -> bool:
    return line.text.startswith(("    ", "\t"))
