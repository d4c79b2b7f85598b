"""One use of a tag by an author, and what stands in its place."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from newsletter.digest.dialects.dialect import Page

TAG = re.compile(r"\{\{[^{}\n]{0,400}\}\}|\{%[^%\n]{0,400}%\}")


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

    A block stands in lines of its own; `prefix` goes before each line in between. What `left_out`
    names means nothing in a mail.
    """

    before: str = ""
    after: str = ""
    inner: Inner = Inner.LIFTED
    is_block: bool = False
    prefix: str = ""
    left_out: bool = False


Show = Callable[[Call], Shown | None]


def instead(markdown: str, *, is_block: bool = False) -> Shown:
    """Return what stands for a whole tag and all between its ends."""
    return Shown(markdown, inner=Inner.DROPPED, is_block=is_block)
