"""A site's own templates of tags, as far as they are only HTML with arguments put in.

Nothing is run: a template with any logic is not understood.
"""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from newsletter.digest.dialects.shortcodes.call import Call, Shown, instead
from newsletter.digest.dialects.written import escaped
from newsletter.digest.raw_html import COMMENT, TAG

NAME = re.compile(r"[\w-]+(?:/[\w-]+){0,3}")
SUFFIXES = (".html", ".md")
LARGEST = 8_000
MOST = 500
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figure"),
        *("footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol"),
        *("p", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
# What no mail shows, and what is more than text.
RUN = re.compile(r"<(?:script|style|svg|form|object|embed|template)\b", re.IGNORECASE)
# Where what stands between the tags goes.
INNER = "\ue01f"


@dataclass(frozen=True, slots=True)
class Template:
    """A template of a site's own; `.md` ones are Markdown."""

    source: str
    is_markdown: bool


# Returns a template's source with a call's arguments in it, and INNER; None for one with logic.
Fill = Callable[[str, Call], str | None]


class Templates:
    """The templates in some folders of a site, each looked for once."""

    def __init__(self, root: Path | None, folders: Iterable[str]) -> None:
        self._root = root
        self._folders = tuple(folders)
        self._found: dict[str, Template | None] = {}

    def named(self, name: str) -> Template | None:
        """Return the template of a tag in the first folder that has one, None without."""
        if self._root is None or not NAME.fullmatch(name):
            return None
        if name not in self._found and len(self._found) < MOST:
            self._found[name] = self._read(self._root, name)
        return self._found.get(name)

    def _read(self, root: Path, name: str) -> Template | None:
        files = (f"{folder}/{name}{kind}" for folder in self._folders for kind in SUFFIXES)
        for file in (root / one for one in files):
            try:
                if not file.is_file() or file.stat().st_size > LARGEST:
                    continue
                if file.resolve().is_relative_to(root.resolve()):
                    return Template(file.read_text("utf-8"), file.suffix == ".md")
            except (OSError, ValueError):
                continue
        return None


def expanded(template: Template, call: Call, fill: Fill) -> Shown | None:
    """Return what a template makes of a call; None for one with any logic in it."""
    filled = None if RUN.search(template.source) else fill(template.source, call)
    if filled is None or filled.count(INNER) > 1:
        return None
    filled = COMMENT.sub("", filled)
    if template.is_markdown:
        before, mark, after = filled.partition(INNER)
        return _around(before, after, call) if mark else instead(filled.strip())
    filled = " ".join(filled.split())
    before, mark, after = filled.partition(INNER)
    if mark:
        return _around(_inline(before), _inline(after), call)
    said = TAG.sub("", filled).strip()
    if not said and "<img" not in filled.lower() and "<iframe" not in filled.lower():
        return instead("")
    first = TAG.match(filled)
    if call.is_alone and first and first[2].lower() in BLOCKS:
        return instead(filled, is_block=True)
    return instead(_inline(filled), is_block=call.is_alone)


def _inline(source: str) -> str:
    """Return HTML without tags that begin blocks; Markdown reads nothing into its words."""
    parts: list[str] = []
    at = 0
    for tag in TAG.finditer(source):
        parts.append(_words(source[at : tag.start()]))
        parts.append(" " if tag[2].lower() in BLOCKS else tag[0])
        at = tag.end()
    return "".join([*parts, _words(source[at:])]).strip()


def _words(text: str) -> str:
    return escaped(html.unescape(text))


def _around(before: str, after: str, call: Call) -> Shown:
    if not call.is_alone:
        return Shown(before, after)
    before, after = before.strip(), after.strip()
    return Shown(f"{before}\n" if before else "", f"\n{after}" if after else "", is_block=True)
