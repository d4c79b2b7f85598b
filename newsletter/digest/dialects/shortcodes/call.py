"""One use of a tag by an author, and what stands in its place."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path

from newsletter.digest.dialects.dialect import Page

MOST_FILES = 2_000
MOST_PATTERNS = 50
DEPTHS = ("*", "*/*", "*/*/*")
TAG = re.compile(r"\{\{[^{}\n]{0,400}\}\}|\{%[^%\n]{0,400}%\}")


class Bundle:
    """The files beside one post, looked up once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: list[str] | None = None
        self._found: dict[str, list[str]] = {}

    def matching(self, pattern: str) -> list[str]:
        """Return the paths, from the folder, that fit a pattern; sorted.

        Patterns are read as Hugo reads them: `*`, `**`, `?`, `{a,b}`, in any case.
        """
        if pattern not in self._found and len(self._found) < MOST_PATTERNS:
            self._files = self._below() if self._files is None else self._files
            self._found[pattern] = [name for name in self._files if fits(name, pattern)]
        return self._found.get(pattern, [])

    def _below(self) -> list[str]:
        """Return the files of the folder, no deeper than two; a link that leads out is none."""
        found: list[str] = []
        root = self.folder.resolve()
        try:
            for file in (one for depth in DEPTHS for one in self.folder.glob(depth)):
                if len(found) >= MOST_FILES:
                    break
                if file.is_file() and file.resolve().is_relative_to(root):
                    found.append(file.relative_to(self.folder).as_posix())
        except OSError:
            return sorted(found)
        return sorted(found)


def fits(name: str, pattern: str) -> bool:
    """Return whether a path fits a pattern of Hugo's."""
    before, brace, rest = pattern.lower().partition("{")
    inside, close, after = rest.partition("}")
    is_plain = not brace or not close or "{" in after
    patterns = (
        [pattern.lower()] if is_plain else [f"{before}{one}{after}" for one in inside.split(",")]
    )
    return any(_fits(name.lower(), one) for one in patterns)


def _fits(name: str, pattern: str) -> bool:
    if "**" in pattern:
        return fnmatchcase(name, pattern.replace("**", "*"))
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


@dataclass(frozen=True, slots=True)
class Call:
    """A tag by its name, small letters, and its arguments by place or by name.

    `inner` is the source between its tags as written, None without a closing tag. `is_alone` says
    that no other words stand in its lines, so that what it becomes may be blocks.
    """

    name: str
    page: Page
    positional: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    inner: str | None = None
    is_alone: bool = True
    bundle: Bundle | None = None

    def get(self, *names: str, at: int | None = None) -> str:
        """Return the first argument of these names that says anything, else the one at a place."""
        for name in names:
            value = self.named.get(name, "").strip()
            if value:
                return value
        if at is not None and at < len(self.positional):
            return self.positional[at].strip()
        return ""

    @property
    def text(self) -> str:
        """What stands between its tags, in one line, without tags."""
        return " ".join(TAG.sub("", self.inner or "").split())


class Inner(Enum):
    """What becomes of the words between a tag's ends."""

    LIFTED = "lifted"
    VERBATIM = "verbatim"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Shown:
    """Markdown in place of a tag: `before` and `after` what stood between its ends.

    A block stands in lines of its own; `prefix` goes before each line in between. `left_out` says
    that it means nothing in a mail, `missing` names pictures that are not there.
    """

    before: str = ""
    after: str = ""
    inner: Inner = Inner.LIFTED
    is_block: bool = False
    prefix: str = ""
    left_out: bool = False
    missing: str = ""


Show = Callable[[Call], Shown | None]


def instead(markdown: str, *, is_block: bool = False) -> Shown:
    """Return what stands for a whole tag and all between its ends."""
    return Shown(markdown, inner=Inner.DROPPED, is_block=is_block)
