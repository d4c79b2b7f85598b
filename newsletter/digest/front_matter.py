"""Splits a post into front matter (YAML, TOML or JSON) and body."""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from newsletter.digest.author_text import TooMuch, neutral_values
from newsletter.errors import PostError

# libyaml's own parser where the wheel has it: ten times as fast, and C is not needed otherwise.
YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST = 256_000
JSON_HEAD = re.compile(r"\s*\{\s*(?:\"|\})")
FENCES = {"---": ("YAML", ("---", "...")), "+++": ("TOML", ("+++",))}
# PyYAML's constructors answer odd tags (`!!bool x`, `!!timestamp x`) with whatever they ran into.
YAML_ERRORS = (
    yaml.YAMLError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A post split in two.

    `lines` are the front matter's own (to find a key's line, from 1); `body` begins with as many
    empty lines as stood before it, so that line N of the body is line N of the file.
    """

    values: dict[str, Any]
    body: str
    lines: tuple[str, ...] = field(default=())

    def line(self, *keys: str) -> int | None:
        """Return the line in the file where the first of these keys is set, None without one."""
        for key in keys:
            pattern = re.compile(rf"\s*\{{?\s*[\"']?{re.escape(key)}[\"']?\s*[:=]", re.IGNORECASE)
            for number, line in enumerate(self.lines, 1):
                if pattern.match(line):
                    return number
        return None


def split(text: str, path: Path) -> FrontMatter:
    """Split a post's text; a post without front matter has no values. Raises PostError."""
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    fence = lines[first].rstrip()
    if fence in FENCES:
        return _fenced(lines, first, fence, path)
    if JSON_HEAD.match(text):
        return _json(text, path)
    return FrontMatter({}, text)


def _fenced(lines: list[str], first: int, fence: str, path: Path) -> FrontMatter:
    kind, ends = FENCES[fence]
    for index in range(first + 1, len(lines)):
        if lines[index].rstrip() in ends:
            break
    else:
        raise PostError(
            f"the front matter that opens with {fence} is never closed",
            f"put a line {fence} after its last entry",
            path=path,
            line=first + 1,
        )
    source = "\n".join(lines[first + 1 : index])
    read = _yaml if kind == "YAML" else _toml
    values = _values(read, source, first + 1, path)
    body = "\n" * (index + 1) + "\n".join(lines[index + 1 :])
    return FrontMatter(values, body, tuple(lines[: index + 1]))


def _values(
    read: Callable[[str, int, Path], Any], source: str, above: int, path: Path
) -> dict[str, Any]:
    if len(source) > LARGEST:
        raise PostError(
            f"the front matter has {len(source):,} characters",
            "move what is no title, date or tag below it",
            path=path,
            line=1,
        )
    found = read(source, above, path)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise PostError(
            "the front matter holds no `key: value` lines",
            "write at least `title: …` in it, or begin the post with another line than ---",
            path=path,
            line=above + 1,
        )
    try:
        return neutral_values(found)
    except (TooMuch, RecursionError) as error:
        raise PostError(
            "the front matter is nested too deeply or repeats itself too often",
            "write it without aliases (&name, *name)",
            path=path,
            line=above + 1,
        ) from error


def _yaml(source: str, above: int, path: Path) -> Any:
    try:
        return yaml.load(source, Loader=YAML_LOADER)  # noqa: S506 (a SafeLoader, chosen above)
    except YAML_ERRORS as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = above + (mark.line if mark else 0) + 1
        text = source.split("\n")[mark.line : mark.line + 1] if mark else []
        problem = getattr(error, "problem", None) or str(error) or type(error).__name__
        raise PostError(
            f"the front matter is not YAML: {_one_line(problem)}",
            _yaml_mend(problem, text[0] if text else ""),
            path=path,
            line=line,
        ) from error


def _yaml_mend(problem: str, line: str) -> str:
    key, colon, value = line.partition(":")
    if "mapping values are not allowed" in problem and colon:
        quoted = value.strip().replace('"', '\\"')
        return f'put the value in quotes: {key.strip()}: "{quoted}"'
    if "\\t" in problem or "\t" in line:
        return "indent with spaces, not with a tab"
    if colon and value.strip()[:1] in tuple("@`%&*!|>[{"):
        return f'put the value in quotes: {key.strip()}: "…"'
    return "check the quotes and the indentation there"


def _toml(source: str, above: int, path: Path) -> Any:
    try:
        return tomllib.loads(source)
    except (ValueError, RecursionError) as error:
        # The decoder tells the place in its sentence; attributes for it came with Python 3.14.
        place = TOML_PLACE.search(str(error))
        within = int(place[1]) if place and place[1] else source.count("\n") + 1
        raise PostError(
            f"the front matter is not TOML: {_one_line(TOML_PLACE.sub('', str(error)))}",
            'in TOML it reads: title = "…"',
            path=path,
            line=above + (within if place else 1),
        ) from error


def _json(text: str, path: Path) -> FrontMatter:
    start = text.index("{")
    end = start

    def read(source: str, _above: int, _path: Path) -> Any:
        nonlocal end
        try:
            found, end = json.JSONDecoder().raw_decode(source, start)
        except json.JSONDecodeError as error:
            raise PostError(
                f"the front matter is not JSON: {error.msg}",
                "check the quotes and commas there",
                path=path,
                line=error.lineno,
            ) from error
        except (ValueError, RecursionError) as error:
            raise PostError(
                f"the front matter is not JSON: {_one_line(str(error))}",
                "write it plainly",
                path=path,
                line=1,
            ) from error
        return found

    found = _values(read, text[:LARGEST], 0, path)
    head = text[:end]
    return FrontMatter(found, "\n" * head.count("\n") + text[end:], tuple(head.split("\n")))


def _one_line(problem: str) -> str:
    return " ".join(problem.split())[:120]
