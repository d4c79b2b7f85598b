"""The two layouts of an issue, and what a template may ask of the one it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from newsletter.digest.model import Digest
from newsletter.findings import Finding
from newsletter.message import Masthead
from newsletter.render.design import Looks
from newsletter.render.templates import TemplateSet
from newsletter.render.words import Words

DIGEST, LETTER = "digest", "letter"
NAMES = (DIGEST, LETTER)
# A contents list over fewer stories is longer than scrolling.
FEWEST_LISTED = 3


def choose(digest: Digest, masthead: Masthead) -> tuple[str, tuple[Finding, ...]]:
    """Return the name of a post's layout, and what was found wrong in its choice.

    The front matter's `newsletter: layout:` comes first, then, where there are stories, the List.
    """
    wished = str(digest.options.get("layout") or "").strip().lower()
    usual = masthead.layout if digest.stories and masthead.layout in NAMES else LETTER
    if not wished or wished in NAMES:
        return wished or usual, ()
    unknown = Finding(
        "layout-unknown",
        f"There is no layout {wished!r}; {usual} is used.",
        f"Write one of: {', '.join(NAMES)}.",
        path=digest.path,
    )
    return usual, (unknown,)


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout for one issue: its design, its words and its templates.

    `digest`: thumbnails, a lead, and from three stories on a list of contents and numbers.
    `letter`: one column of prose.
    """

    name: str
    stories: int
    design: Looks
    words: Words
    templates: TemplateSet

    @property
    def leads(self) -> bool:
        """Whether the first story stands out."""
        return self.name == DIGEST

    @property
    def thumbnails(self) -> bool:
        """Whether pictures may stand beside the words."""
        return self.name == DIGEST

    @property
    def numbered(self) -> bool:
        """Whether the stories are listed and count."""
        return self.name == DIGEST and self.stories >= FEWEST_LISTED

    @property
    def content(self) -> int:
        """The width of the column, in CSS pixels."""
        return self._measure["content"]

    @property
    def thumb(self) -> int:
        """The width of a thumbnail."""
        return self._measure["thumb"]

    @property
    def _measure(self) -> Mapping[str, int]:
        measure: Mapping[str, int] = self.design.tokens["measure"]
        return measure

    def fill(self, template: str, **values: Any) -> Markup:
        """Return a partial filled; it escapes what it is given, and may use tokens and words."""
        filled = self.templates.fill(
            template,
            **self.design.tokens,
            say=self.words.say,
            layout=self.name,
            numbered=self.numbered,
            **values,
        )
        return Markup(filled)  # noqa: S704 (a template's own markup; values are escaped in it)
