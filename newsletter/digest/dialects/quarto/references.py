"""`@fig-x` and `[@key]`: cross references by the numbers that Quarto gives, citations by key.

https://quarto.org/docs/authoring/cross-references.html, …/citations.html
"""

import re

from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.lines import line_numbers
from newsletter.digest.dialects.quarto.numbers import LABEL, Numbers
from newsletter.digest.dialects.unknown import Unknown
from newsletter.digest.dialects.written import words
from newsletter.findings import Finding

KEY = r"[A-Za-z0-9_](?:[\w:.#$%&+?<>~/-]*[A-Za-z0-9_])?"
# No address, no handle within one: `me@example.org`, `https://social.example/@me`.
AT = r"(?<![\w@/.\\:&=+-])-?@"
GROUP = re.compile(r"\[([^\[\]\n@]{0,200}@[^\[\]\n]{1,500})\](?![\[({:])")
SINGLE = re.compile(rf"({AT})({LABEL}|sec-[\w.:-]*\w|{KEY})", re.IGNORECASE)
REFERENCE = re.compile(rf"(?:{LABEL}|sec-[\w.:-]*\w)", re.IGNORECASE)


class References:
    """Writes the references of one post, and remembers what it could not look up."""

    def __init__(self, page: Page, numbers: Numbers, unknown: Unknown) -> None:
        self._page = page
        self._numbers = numbers
        self._unknown = unknown
        self._cited: dict[str, int] = {}
        found = (page.matter.values, page.site.settings)
        self._has_sources = any(one.get("bibliography") or one.get("references") for one in found)

    def lift(self, text: str) -> str:
        """Return text with references as words, linked where they lead to a place in the post."""
        if "@" not in text:
            return text
        line = line_numbers(text)
        text = GROUP.sub(lambda found: self._group(found, line(found.start())), text)
        line = line_numbers(text)
        return SINGLE.sub(lambda found: self._single(found, line(found.start())), text)

    def findings(self) -> tuple[Finding, ...]:
        """Return what there is to say about citations."""
        if not self._cited:
            return ()
        keys = ", ".join(list(self._cited)[:8])
        return (
            Finding(
                "citation",
                f"The bibliography is not read, so citations show their keys: {keys}.",
                "Write the source as a footnote if readers need it.",
                path=self._page.path,
                line=min(self._cited.values()),
            ),
        )

    def _group(self, found: re.Match[str], line: int) -> str:
        parts = found[1].split(";")
        marks = [SINGLE.search(part) for part in parts]
        if not all(marks):
            return found[0]
        if all(mark and REFERENCE.fullmatch(mark[2]) for mark in marks):
            return ", ".join(
                self._in_group(part, mark, line).strip()
                for part, mark in zip(parts, marks, strict=True)
                if mark
            )
        if not self._has_sources:
            return found[0]
        for mark in marks:
            if mark:
                self._cited.setdefault(mark[2], line)
        return rf"\[{SINGLE.sub(lambda one: words(one[2]), found[1])}\]"

    def _in_group(self, part: str, mark: re.Match[str], line: int) -> str:
        named = self._named(mark[2], line)
        before = part[: mark.start()]
        if mark[1].startswith("-") or before.strip():
            # `[Fig. @fig-x]` and `[-@fig-x]` are the number behind the author's own word.
            number = self._numbers.numbers.get(mark[2].lower())
            named = f"[{number}](#{mark[2]})" if number else named
        return before + named + part[mark.end() :]

    def _single(self, found: re.Match[str], line: int) -> str:
        if REFERENCE.fullmatch(found[2]):
            return self._named(found[2], line)
        if not self._has_sources:
            return found[0]
        self._cited.setdefault(found[2], line)
        return words(found[2])

    def _named(self, label: str, line: int) -> str:
        name = self._numbers.name(label) or self._numbers.sections.get(label.lower(), "")
        if name:
            return f"[{name}](#{label})"
        self._unknown.compute(f"@{label}", line)
        return self._numbers.word(label.partition("-")[0].lower()) or words(label)
