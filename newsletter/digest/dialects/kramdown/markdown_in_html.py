"""HTML whose `markdown` attribute says that Markdown stands in it: parted by blank lines, or a box."""

import re
from collections.abc import Sequence

from newsletter.digest.containers import closing, opening
from newsletter.digest.dialects.attributes import Attributes
from newsletter.digest.dialects.kramdown.attributes import box
from newsletter.digest.dialects.lines import Line

OPENING = re.compile(
    r"[ \t]*<(?P<name>[a-z][a-z0-9]*)(?P<before>(?:\s+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|[\w-]+))?)*?)"
    r"\s+markdown(?:\s*=\s*[\"']?(?:1|block|span)[\"']?|(?!\s*=))"
    r"(?P<after>(?:\s+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|[\w-]+))?)*)\s*>",
    re.IGNORECASE,
)
CLASS = re.compile(r"\bclass=[\"']?([^\"'>]*)", re.IGNORECASE)
SUMMARY = re.compile(r"\s*<summary[^>]*>(.*?)</summary>", re.IGNORECASE)
# Tags that hold words themselves: the paragraph that Markdown makes stands for them.
WORDS = ("p", "span")


def without_markdown_attributes(lines: Sequence[Line]) -> list[Line]:
    """Return a body in which the Markdown inside of HTML is read as such."""
    if not any("markdown" in line.text and "<" in line.text for line in lines):
        return list(lines)
    return _Parting().part(lines)


class _Parting:
    def __init__(self) -> None:
        self.kept: list[Line] = []
        # What closes each open tag: its name, how many of that name are open in it, and its end.
        self.open: list[tuple[str, int, str]] = []

    def part(self, lines: Sequence[Line]) -> list[Line]:
        for line in lines:
            found = None if line.is_code else OPENING.match(line.text)
            if found:
                self._open(line, found)
                self._inner(line, line.text[found.end() :])
            elif self.open and not line.is_code:
                self._inner(line, line.text)
            else:
                self.kept.append(line)
        return self.kept

    def _open(self, line: Line, tag: re.Match[str]) -> None:
        name = tag["name"].lower()
        rest = tag["before"] + tag["after"]
        classes = CLASS.search(rest)
        kind = box(Attributes(classes=tuple(classes[1].split()) if classes else ()))
        if name == "details":
            summary = SUMMARY.match(line.text, tag.end())
            self._line(line, opening("details", summary[1] if summary else ""))
            self.open.append((name, 0, closing()))
        elif kind:
            self._line(line, opening(kind))
            self.open.append((name, 0, closing()))
        elif name in WORDS:
            self.open.append((name, 0, ""))
        else:
            self._line(line, f"<{name}{rest}>")
            self.open.append((name, 0, f"</{name}>"))

    def _line(self, line: Line, text: str) -> None:
        """Write a line of its own, with a blank one before and after it."""
        self.kept += [line.saying(""), line.saying(text), line.saying("")]

    def _inner(self, line: Line, text: str) -> None:
        """Write what stands in a line inside of an open tag, and close the tag where it ends."""
        name, depth, end = self.open[-1]
        text = SUMMARY.sub("", text, count=1) if name == "details" else text
        depth += len(re.findall(rf"<{name}\b", text, re.IGNORECASE))
        closes = list(re.finditer(rf"</{name}\s*>", text, re.IGNORECASE))
        if len(closes) <= depth:
            self.open[-1] = (name, depth - len(closes), end)
            self.kept.append(line.saying(text))
            return
        last = closes[depth]
        if text[: last.start()].strip():
            self.kept.append(line.saying(text[: last.start()]))
        self._line(line, end)
        self.open.pop()
        after = text[last.end() :]
        if after.strip() and self.open:
            self._inner(line, after)
        elif after.strip():
            self.kept.append(line.saying(after))
