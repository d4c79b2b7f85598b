"""Cuts a post's blocks into title, intro and stories by its headings."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markdown_it.token import Token

from newsletter.digest.inline_words import plain

# Headings under which nothing but notes stands, in the languages of the posts that were read.
NOTES_TITLES = frozenset(
    (
        *("references", "reference", "sources", "source", "notes", "footnotes", "links"),
        *("further reading", "quellen", "fußnoten", "anmerkungen", "nachweise", "références"),
        *("fuentes", "referencias", "notas", "fonti", "riferimenti", "bronnen", "źródła"),
        *("zdroje", "参考", "参考资料", "参考文献", "出典", "脚注"),
    )
)
# A label above a few lines, and no story.
DEEPEST = "h5"
# Typographer's marks and what an author types for them: a title and its heading may differ so.
TYPED = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u2018\u2019'\"") | {"\u2014": "-", "\u2013": "-"}
)


@dataclass(slots=True)
class Section:
    """A heading (None before the first one) and the blocks under it."""

    heading: Token | None
    title: Token | None
    blocks: list[Token] = field(default_factory=list)

    @property
    def line(self) -> int | None:
        """The heading's line in the file, from 1."""
        return self.heading.map[0] + 1 if self.heading and self.heading.map else None


def first_heading(tokens: Sequence[Token]) -> Token | None:
    """Return the inline token of the heading above all others, None without one.

    That is a `# heading` which comes first, or the only one of the highest level.
    """
    headings = [(one, inline) for one, inline in pairwise(tokens) if _is_heading(one)]
    if not headings:
        return None
    opening, inline = headings[0]
    is_alone = opening.tag == _title_level(tokens)
    return inline if opening.tag == "h1" or is_alone else None


def _title_level(tokens: Sequence[Token]) -> str:
    """Return the level on which a title stands: the first, or one that only one heading is on."""
    tags = [token.tag for token in tokens if _is_heading(token)]
    highest = min(tags, default="")
    return highest if tags.count(highest) == 1 else "h1"


def without_title(tokens: Sequence[Token], title: str) -> list[Token]:
    """Return the blocks without the heading that only repeats the title.

    It is the only one of its kind, or above all other headings.
    """
    headings = [index for index, one in enumerate(tokens) if _is_heading(one)]
    level = _title_level(tokens)
    places = [index for index in headings if tokens[index].tag == level]
    if not places or (len(places) > 1 and places[0] != headings[0]):
        return list(tokens)
    if _plainest(plain(tokens[places[0] + 1])) != _plainest(title):
        return list(tokens)
    return [*tokens[: places[0]], *tokens[places[0] + 3 :]]


def cut(tokens: Sequence[Token]) -> tuple[list[Token], list[Section]]:
    """Return the blocks before the first story's heading, and the stories' sections.

    Stories are told by `##`, or by `#` where there are several; without either, by the highest
    heading that there is. Deeper headings stay inside; the deepest ones tell no stories at all.
    """
    level = _story_level(tokens)
    sections = [Section(None, None)]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if _is_heading(token) and token.tag == level:
            sections.append(Section(token, tokens[index + 1]))
            index += 3
            continue
        sections[-1].blocks.append(token)
        index += 1
    for section in sections:
        section.blocks = _without_rules(section.blocks)
    return sections[0].blocks, sections[1:]


def is_list_of_notes(section: Section) -> bool:
    """Return whether a section is the empty heading that stood above the notes."""
    if section.blocks or section.title is None:
        return False
    return _plainest(plain(section.title)).rstrip(":") in NOTES_TITLES


def anchors(sections: Sequence[Section]) -> list[str]:
    """Return an anchor for each section, as GitHub and Goldmark make them, each only once."""
    taken: dict[str, int] = {}
    made = []
    for section in sections:
        written = section.heading.attrs.get("id") if section.heading else None
        anchor = str(written or _slug(plain(section.title) if section.title else "")) or "story"
        unique = anchor
        while unique in taken:
            taken[anchor] += 1
            unique = f"{anchor}-{taken[anchor]}"
        taken[unique] = 0
        made.append(unique)
    return made


def _story_level(tokens: Sequence[Token]) -> str:
    tags = [token.tag for token in tokens if _is_heading(token) and token.tag < DEEPEST]
    if tags.count("h1") > 1:
        return "h1"
    return "h2" if "h2" in tags else min(tags, default="")


def _is_heading(token: Token) -> bool:
    return token.type == "heading_open" and token.level == 0


def _without_rules(blocks: list[Token]) -> list[Token]:
    """Drop `---` at the ends of a section: what parts stories is the template's to draw."""
    start, end = 0, len(blocks)
    while start < end and blocks[start].type == "hr":
        start += 1
    while end > start and blocks[end - 1].type == "hr":
        end -= 1
    return blocks[start:end]


def _plainest(text: str) -> str:
    letters = unicodedata.normalize("NFKC", text).casefold().translate(TYPED)
    return " ".join(re.sub(r"-+", "-", letters).replace("…", "...").split())


def _slug(text: str) -> str:
    kept = (one for one in text.casefold() if one.isalnum() or one in " -_")
    return "-".join("".join(kept).split())
