"""Takes a site's template tags (Hugo's shortcodes) out of Markdown, and names each with its line."""

import re
from collections.abc import Iterator
from pathlib import Path

from newsletter.findings import Finding, Severity

FENCE = re.compile(r"[ \t>]*(?:[-*+] +|\d+[.)] +)?(`{3,}|~{3,})(.*)")
TAG = re.compile(r"\{\{([<%])")
ESCAPED = re.compile(r"\{\{([<%])/\*(.*?)\*/([>%])\}\}", re.DOTALL)
NAME = re.compile(r"\s*/?\s*([\w./-]+)")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
TICKS = re.compile(r"`+")
TAG_OR_TICKS = re.compile(rf"{TICKS.pattern}|{TAG.pattern}")
# A tag that is longer is none: somebody wrote two braces and never closed them.
LONGEST = 4_000


def lift_shortcodes(body: str, path: Path) -> tuple[str, list[Finding]]:
    """Return the body without shortcodes, line for line, and a finding for each kind of them.

    What stands between an opening and a closing tag stays. Code is left as it is, but for the
    comment marks by which an author shows a tag without running it.
    """
    if "{{<" not in body and "{{%" not in body:
        return body, []
    parts: list[str] = []
    seen: dict[str, list[int]] = {}
    line = 1
    for text, is_code in _code_and_prose(body):
        if not is_code:
            parts.append(_lift(text, line, seen))
        else:
            parts.append(_as_shown(text))
        line += text.count("\n")
    return "".join(parts), [_finding(name, lines, path) for name, lines in seen.items()]


def _finding(name: str, lines: list[int], path: Path) -> Finding:
    times = f" ({len(lines)} times: lines {', '.join(map(str, lines[:8]))})" if lines[1:] else ""
    return Finding(
        "shortcode",
        Severity.WARNING,
        f"The shortcode “{name}” is not understood and was left out{times}; "
        "text between its tags stays.",
        "Write it as Markdown, or look whether the issue reads well without it.",
        path=path,
        line=lines[0],
    )


def _lift(text: str, line: int, seen: dict[str, list[int]]) -> str:
    """Return prose without its tags; `line` is where it begins, `seen` collects names and lines."""
    last_ticks = {len(run[0]): run.start() for run in TICKS.finditer(text)}
    parts: list[str] = []
    at = 0
    while found := TAG_OR_TICKS.search(text, at):
        parts.append(text[at : found.start()])
        if found[0][0] == "`":
            at = _end_of_code(text, found, last_ticks)
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
            seen.setdefault(name[1], []).append(line + text.count("\n", 0, found.start()))
        parts.append(_as_shown(tag) if escaped else "\n" * tag.count("\n"))
    parts.append(text[at:])
    return "".join(parts)


def _as_shown(code: str) -> str:
    return ESCAPED.sub(r"{{\1\2\3}}", code)


def _end_of_code(text: str, opening: re.Match[str], last_ticks: dict[int, int]) -> int:
    """Return where the code that these backticks open ends; right after them when it does not."""
    length = len(opening[0])
    if last_ticks[length] > opening.start():
        for run in TICKS.finditer(text, opening.end()):
            if len(run[0]) == length:
                return run.end()
    return opening.end()


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


def _code_and_prose(body: str) -> Iterator[tuple[str, bool]]:
    """Cut the body into fenced code and the prose between; joined they are the body again."""
    fence = ""
    held: list[str] = []
    for line in LINE.findall(body):
        mark = FENCE.match(line)
        if fence:
            yield line, True
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            yield "".join(held), False
            held.clear()
            yield line, True
            fence = mark[1]
        else:
            held.append(line)
            if not line.strip():
                yield "".join(held), False
                held.clear()
    yield "".join(held), False
