"""Python-Markdown's extensions as plain Markdown and boxes."""

import re
from collections.abc import Sequence

from newsletter.digest.containers import closing, opening
from newsletter.digest.dialects.dialect import Lifted
from newsletter.digest.dialects.kramdown.blocks import lift_attributes
from newsletter.digest.dialects.kramdown.lines import Line, lines_of
from newsletter.digest.dialects.written import words

# `!!! note "Title"`, and the folds of PyMdown's extension: `??? note`, `???+ note`.
ADMONITION = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>!!!|\?\?\?\+?)[ \t]+(?P<classes>[\w -]*?)"
    r"(?:[ \t]*\"(?P<title>[^\"\n]*)\")?[ \t]*"
)
INDENT = re.compile(r"[ \t]*")
LANGUAGE = re.compile(
    r"[ \t]*(?::::|#!)(?P<name>[\w+#.-]+)(?:[ \t]+hl_lines=[\"'][\d ]*[\"'])?[ \t]*"
)
OPENING = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*")
CONTENTS = re.compile(r"\[TOC\]", re.IGNORECASE)
DEEPEST = 10


def lift_extensions(lifted: Lifted) -> Lifted:
    """Return a body in which what only these extensions understand is Markdown or a box."""
    lines = _with_languages(_boxed(lines_of(lifted), 0))
    lines = [line.saying("") if _is_contents(line) else line for line in lines]
    return lift_attributes(
        Lifted(
            "\n".join(line.text for line in lines),
            lifted.findings,
            tuple(line.number for line in lines),
        )
    )


def _is_contents(line: Line) -> bool:
    return not line.is_code and CONTENTS.fullmatch(line.text.strip()) is not None


def _boxed(lines: Sequence[Line], depth: int) -> list[Line]:
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        found = None if line.is_code or depth > DEEPEST else ADMONITION.fullmatch(line.text)
        if not found or not found["classes"] + (found["title"] or ""):
            kept.append(line)
            continue
        end = _end(lines, at, len(found["indent"].expandtabs(4)) + 4)
        inner = [_dedented(one) for one in lines[at:end]]
        last = inner[-1] if inner else line
        kept += [line.saying(found["indent"] + _opening(found))]
        kept += _boxed(inner, depth + 1)
        kept += [last.saying(found["indent"] + closing()), last.saying("")]
        at = end
    return kept


def _opening(found: re.Match[str]) -> str:
    kind = (found["classes"].split() or ["note"])[0]
    title = words(found["title"] or "")
    if found["mark"].startswith("?"):
        return opening("details", title or kind.capitalize())
    return opening(kind, title)


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


def _is_set_in(line: Line) -> bool:
    return line.text.startswith(("    ", "\t"))
