"""What a dialect does not understand: named once a kind, and a way to see it."""

from pathlib import Path

from newsletter.digest.dialects.dialect import Page
from newsletter.digest.phrases import phrase
from newsletter.findings import Finding

MOST_LINES = 8


class Unknown:
    """Collects the tags of one post that no mail can show, by name and line."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {}
        self._left: dict[str, list[int]] = {}
        self._computed: dict[str, list[int]] = {}
        self._missing: dict[str, list[int]] = {}

    def add(self, name: str, line: int) -> None:
        """Remember a tag by its name and its line in the file, from 1."""
        self._lines.setdefault(name, []).append(line)

    def leave(self, name: str, line: int) -> None:
        """Remember something that is understood and means nothing in a mail, such as a form."""
        self._left.setdefault(name, []).append(line)

    def compute(self, name: str, line: int) -> None:
        """Remember something that only the site's build computes, such as a chunk's output."""
        self._computed.setdefault(name, []).append(line)

    def miss(self, pattern: str, line: int) -> None:
        """Remember a pattern that names pictures beside the post, where none fits."""
        self._missing.setdefault(pattern, []).append(line)

    def findings(self, path: Path) -> tuple[Finding, ...]:
        """Return a finding for each kind of tag, with the lines of all of them."""
        unknown = [_finding(name, lines, path) for name, lines in self._lines.items()]
        computed = [_computed(name, lines, path) for name, lines in self._computed.items()]
        left = [_left(name, lines, path) for name, lines in self._left.items()]
        missing = [_missing(pattern, lines, path) for pattern, lines in self._missing.items()]
        return (*unknown, *computed, *left, *missing)


def _times(lines: list[int]) -> str:
    told = ", ".join(map(str, lines[:MOST_LINES]))
    return f" ({len(lines)} times: lines {told})" if lines[1:] else ""


def _missing(pattern: str, lines: list[int], path: Path) -> Finding:
    return Finding(
        "picture-missing",
        f"No picture beside the post fits {pattern[:60]}, so the email links to the post there"
        f"{_times(lines)}.",
        path=path,
        line=lines[0],
    )


def _left(name: str, lines: list[int], path: Path) -> Finding:
    return Finding(
        "site-only",
        f"“{name}” belongs to the site, so the email goes without it{_times(lines)}.",
        path=path,
        line=lines[0],
    )


def _computed(name: str, lines: list[int], path: Path) -> Finding:
    return Finding(
        "computed",
        f"What “{name}” comes to is known only when the site is built{_times(lines)}.",
        "Write the value or the picture into the post, or look whether the issue reads well.",
        path=path,
        line=lines[0],
    )


def _finding(name: str, lines: list[int], path: Path) -> Finding:
    return Finding(
        "shortcode",
        f"The shortcode “{name}” is not understood and was left out{_times(lines)}; "
        "text between its tags stays.",
        "Write it as Markdown, or look whether the issue reads well without it.",
        path=path,
        line=lines[0],
    )


def online(page: Page, words: str = "") -> str:
    """Return Markdown that stands where something cannot be shown: a link to the post itself."""
    words = words or phrase("online")
    return f"[{words}](<{page.url}>)" if page.url else f"*{words}*"
