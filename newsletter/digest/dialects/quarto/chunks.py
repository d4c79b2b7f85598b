"""Chunks of code that the generator runs: their code stays, what they print is only on the site.

https://quarto.org/docs/reference/cells/cells-knitr.html and R Markdown's options in the head.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from newsletter.digest.code_spans import FENCE, fences
from newsletter.digest.containers import closing, opening
from newsletter.digest.dialects.attributes import read_attributes
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.lines import BREAK
from newsletter.digest.dialects.quarto.numbers import Numbers
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.front_matter import YAML_ERRORS, YAML_LOADER
from newsletter.digest.phrases import phrase

HEAD_OF_CHUNK = re.compile(r"([ \t>]*)(?:`{3,}|~{3,})[ \t]*\{([^\n]*)\}[ \t]*$")
OPTION = re.compile(r"[ \t>]*(?:#|//|%%|--)\| ?(.*)")
HEAD = re.compile(r"\{*\s*([\w+-]+)\s*,?\s*(.*?)\}*\s*$", re.DOTALL)
HEAD_OPTION = re.compile(r"([\w.-]+)\s*=\s*(\"[^\"]*\"|'[^']*'|c\([^()]*\)|[^,\s]+)")
SET_BY_KNITR = re.compile(r"opts_chunk\$set\(([^()]*)\)")
# Their code is a drawing, or runs in the reader's browser.
DRAWINGS = ("mermaid", "dot", "ojs")
# Raw HTML that ends at a mark of its own, in which lines and blanks count.
VERBATIM = re.compile(r"<(?:pre|textarea)\b", re.IGNORECASE)
LONGEST = 4_000
TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "t"), True),
    **dict.fromkeys(("false", "no", "f", "hide"), False),
}


@dataclass(slots=True)
class Chunk:
    """One fenced block with a brace in its head: where it is set in, its head, and its lines."""

    indent: str
    fence: str
    head: str
    line: int
    lines: list[str] = field(default_factory=list)


def lift_chunks(body: str, page: Page, numbers: Numbers, unknown: Unknown) -> str:
    """Return the body with plain fences in the place of chunks, and links where their output is."""
    if "{" not in body:
        return body
    defaults = _defaults(page)
    parts: list[str] = []
    for part in _parts(body):
        if isinstance(part, str):
            parts.append(part)
            continue
        written = _Writer(page, numbers, unknown, defaults).write(part)
        # The closing fence is a line too.
        missing = len(part.lines) + 1 - written.count("\n")
        parts.append(written + "\n" * missing)
    return "".join(parts)


def _parts(body: str) -> Iterator[str | Chunk]:
    """Cut a body into chunks and whatever else; joined by nothing, they are the body again."""
    chunk: Chunk | None = None
    fence = ""
    for piece in fences(body):
        line = piece.text.removesuffix("\n")
        if not piece.is_code:
            yield piece.text
        elif not fence:
            found = HEAD_OF_CHUNK.match(line)
            mark = FENCE.match(line)
            fence = mark[1] if mark else ""
            chunk = Chunk(found[1], fence, found[2], piece.line) if found else None
            if chunk is None:
                yield piece.text
        else:
            mark = FENCE.match(line)
            ends = mark is not None and mark[1].startswith(fence) and not mark[2].strip()
            if chunk is None:
                yield piece.text
            elif ends:
                yield chunk
                yield piece.text.removeprefix(line)
            else:
                chunk.lines.append(line)
            fence = "" if ends else fence
    if chunk is not None and fence:
        yield "\n".join((f"{chunk.indent}{chunk.fence}{{{chunk.head}}}", *chunk.lines))


def _defaults(page: Page) -> dict[str, Any]:
    """Return the options that the site and the post set for all of its chunks."""
    found: dict[str, Any] = {}
    for values in (page.site.settings, page.matter.values):
        execute = values.get("execute")
        found |= _named(execute) if isinstance(execute, dict) else {}
    knitr = SET_BY_KNITR.search(page.matter.body)
    return found | (_head_options(knitr[1]) if knitr else {})


def _named(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key).replace(".", "-"): _value(value) for key, value in values.items()}


def _value(value: Any) -> Any:
    return TRUTHS.get(value.lower(), value) if isinstance(value, str) else value


def _head_options(source: str) -> dict[str, Any]:
    return _named({one[1]: one[2].strip("\"'") for one in HEAD_OPTION.finditer(source[:LONGEST])})


class _Writer:
    def __init__(
        self, page: Page, numbers: Numbers, unknown: Unknown, defaults: Mapping[str, Any]
    ) -> None:
        self._page = page
        self._numbers = numbers
        self._unknown = unknown
        self._defaults = defaults

    def write(self, chunk: Chunk) -> str:
        """Return what stands in the place of a chunk, in no more lines than it had."""
        head = chunk.head.strip()
        if head.startswith("="):
            return _raw(chunk) if head[1:].strip().startswith("html") else ""
        if head[:1] in ".#":
            attributes = read_attributes(head)
            language = attributes.classes[0] if attributes and attributes.classes else ""
            return _fenced(
                chunk, language, chunk.lines, attributes.get("filename") if attributes else ""
            )
        return self._run(chunk)

    def _run(self, chunk: Chunk) -> str:
        found = HEAD.match(chunk.head)
        engine, rest = (found[1], found[2]) if found else ("", "")
        options, code = self._options(chunk, rest)
        if chunk.head.startswith("{"):
            return _fenced(chunk, engine, code)
        if options.get("include") is False:
            return ""
        shows = options.get("echo", True) is not False and engine not in DRAWINGS
        parts = [_fenced(chunk, engine, code, options.get("filename"))] if shows else []
        runs = options.get("eval", True) is not False and engine not in ("css", "js")
        if (
            runs
            and options.get("output", True) is not False
            and options.get("results") is not False
        ):
            self._unknown.compute(f"{{{engine}}}", chunk.line)
            parts += self._output(chunk, options, shows)
        return f"{BREAK}{chunk.indent.rstrip()}{BREAK}".join(parts)

    def _options(self, chunk: Chunk, rest: str) -> tuple[dict[str, Any], list[str]]:
        written = [OPTION.match(line) for line in chunk.lines]
        first = next((at for at, one in enumerate(written) if one is None), len(written))
        options = dict(self._defaults) | _head_options(rest)
        label = re.match(r"([\w.-]+)\s*(?:,|$)", rest)
        if label:
            options["label"] = label[1]
        try:
            source = "\n".join(one[1] for one in written[:first] if one)
            read = yaml.load(source[:LONGEST], Loader=YAML_LOADER)  # noqa: S506 (a SafeLoader)
        except YAML_ERRORS:
            read = None
        if isinstance(read, dict):
            options |= _named(read)
        return options, chunk.lines[first:]

    def _output(self, chunk: Chunk, options: Mapping[str, Any], shows: bool) -> list[str]:
        """Return a link to the output where a picture or a table is due, or nothing else stands."""
        label = str(options.get("label", ""))
        caption = next(
            (
                text
                for key in ("fig-cap", "tbl-cap", "lst-cap")
                if (text := _caption(options.get(key)))
            ),
            "",
        )
        title = self._numbers.captioned(label, caption)
        link = online(self._page, phrase("output"))
        if title:
            lines = (opening("figure", title), link, closing())
            return [BREAK.join(chunk.indent + line for line in lines)]
        return [] if shows else [chunk.indent + link]


def _caption(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(str(one) for one in value if isinstance(one, str))
    return value if isinstance(value, str) else ""


def _fenced(chunk: Chunk, language: str, code: list[str], title: Any = "") -> str:
    name = f' title="{title}"' if isinstance(title, str) and title and '"' not in title else ""
    lines = [f"{chunk.indent}{chunk.fence}{language}{name}", *code, chunk.indent + chunk.fence]
    return "\n".join(lines)


def _raw(chunk: Chunk) -> str:
    """Return raw HTML: what is set in would be code after an empty line, so that goes."""
    lines = ["", *chunk.lines, ""]
    if not VERBATIM.search("\n".join(lines)):
        lines = [chunk.indent + line.lstrip(" \t>") for line in lines]
    return "\n".join(lines)
