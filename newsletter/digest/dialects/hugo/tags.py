"""Finds Hugo's shortcodes in a body: `{{< name … >}}`, `{{% name … %}}`, not those in code."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.digest.code_spans import TICKS, end_of_span, fences
from newsletter.digest.dialects.shortcodes.lifting import Role, Span, Tag
from newsletter.digest.dialects.written import words

TAG = re.compile(r"\{\{([<%])")
ESCAPED = re.compile(r"\{\{([<%])(\s*)/\*(.*?)\*/(\s*)([>%])\}\}", re.DOTALL)
NAME = re.compile(r"\s*(/?)\s*([\w./-]+)")
TAG_OR_TICKS = re.compile(rf"{TICKS.pattern}|{TAG.pattern}")
ARGUMENT = re.compile(
    r"(?:([\w-]+)\s*=\s*)?(?:\"((?:[^\"\\]|\\.)*)\"|`([^`]*)`|([^\s\"`]+))", re.DOTALL
)
UNESCAPED = re.compile(r"\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t"}
# A tag that is longer is none: somebody wrote two braces and never closed them.
LONGEST = 4_000
# What stands between their tags is no Markdown: backticks and braces in it are its own.
VERBATIM = ("highlight", "mermaid", "rawhtml", "raw", "math", "katex", "latex", "comment")
CLOSING = re.compile(rf"\{{\{{[<%]\s*/\s*({'|'.join(VERBATIM)})\s*[>%]\}}\}}")


def tags(body: str) -> list[Span | Tag]:
    """Return the tags of a body and the words and code between them, in order."""
    return list(_Scan(body).parts()) if TAG.search(body) else [Span(body, 1)]


@dataclass(slots=True)
class _Scan:
    body: str
    at: int = 0
    line: int = 1

    def parts(self) -> Iterator[Span | Tag]:
        closings: dict[str, int] = {
            found[1]: found.start() for found in CLOSING.finditer(self.body)
        }
        start = 0
        for piece in fences(self.body):
            end = start + len(piece.text)
            if piece.is_code:
                if self.at <= start:
                    yield from self._upto(end)
            else:
                yield from self._prose(end, closings)
            start = end
        yield from self._upto(len(self.body))

    def _upto(self, end: int) -> Iterator[Span]:
        """Yield what stands before a place and was not yielded yet."""
        if end > self.at:
            text = self.body[self.at : end]
            yield Span(as_shown(text), self.line)
            self._pass(end)

    def _pass(self, end: int) -> None:
        self.line += self.body.count("\n", self.at, end)
        self.at = end

    def _prose(self, end: int, closings: Mapping[str, int]) -> Iterator[Span | Tag]:
        text = self.body
        ticks = {len(run[0]): run.start() for run in TICKS.finditer(text, self.at, end)}
        look = self.at
        while look < end and (found := TAG_OR_TICKS.search(text, look, end)):
            if found[0][0] == "`":
                look = end_of_span(text, found, ticks)
                yield from self._upto(found.start())
                yield from self._upto(look)
                continue
            escaped = ESCAPED.match(text, found.start(), found.start() + LONGEST)
            look = escaped.end() if escaped else _end_of_tag(text, found.end())
            if not look:
                look = found.end()
                continue
            yield from self._upto(found.start())
            if escaped:
                yield Span(words(as_shown(escaped[0])), self.line)
                self._pass(look)
                continue
            tag = _tag(text, found.start(), look, self.line)
            self._pass(look)
            if tag:
                yield tag
                look = self._closing(tag, closings)
                yield from self._upto(look)
        yield from self._upto(end)

    def _closing(self, tag: Tag, closings: Mapping[str, int]) -> int:
        """Return where the words end that are a tag's own, its end where it has none."""
        if tag.role is not Role.OPENING or closings.get(tag.name, -1) < tag.end:
            return tag.end
        found = CLOSING.search(self.body, tag.end)
        while found and found[1] != tag.name:
            found = CLOSING.search(self.body, found.end())
        return found.start() if found else tag.end


def as_shown(text: str) -> str:
    """Return text in which tags that an author only shows stand without their comment marks."""
    return ESCAPED.sub(r"{{\1\2\3\4\5}}", text)


def _tag(text: str, start: int, end: int, line: int) -> Tag | None:
    """Read a tag; None for one without a name, which stands for nothing."""
    inside = text[start + 3 : end - 3]
    named = NAME.match(inside)
    if not named:
        return None
    rest = inside[named.end() :].rstrip()
    role = Role.CLOSING if named[1] else Role.OPENING
    if not named[1] and rest.endswith("/") and (len(rest) == 1 or rest[-2] in ' \t\n"`'):
        role, rest = Role.SINGLE, rest[:-1]
    positional, values = arguments(rest)
    return Tag(named[2].lower(), start, end, line, role, positional, values)


def arguments(written: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Read arguments by place and by name: bare, in double quotes, or raw between backticks."""
    positional: list[str] = []
    named: dict[str, str] = {}
    for found in ARGUMENT.finditer(written):
        quoted, raw, bare = found[2], found[3], found[4]
        value = bare if bare is not None else raw
        if quoted is not None:
            value = UNESCAPED.sub(lambda one: ESCAPES.get(one[1], one[1]), quoted)
        if found[1]:
            named.setdefault(found[1].lower(), value or "")
        else:
            positional.append(value or "")
    return tuple(positional), named


def _end_of_tag(text: str, start: int) -> int:
    """Return where the tag that opened before `start` ends, 0 when it does not."""
    quote = ""
    at = start
    last = min(len(text), start + LONGEST)
    while at < last:
        letter = text[at]
        if quote:
            if letter == "\\" and quote == '"':
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in '"`':
            quote = letter
        elif letter == "{" and TAG.match(text, at):
            return 0
        elif letter in ">%" and text.startswith("}}", at + 1):
            return at + 3
        at += 1
    return 0
