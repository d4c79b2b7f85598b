"""A site's own shortcodes, as far as their templates are only HTML with arguments put in.

Nothing is run: a template with any logic is not understood.
"""

import html
import re
from dataclasses import dataclass
from pathlib import Path

from newsletter.digest.dialects.shortcodes.call import Call, Shown, instead
from newsletter.digest.dialects.written import SPECIAL
from newsletter.digest.raw_html import COMMENT, TAG

NAME = re.compile(r"[\w-]+(?:/[\w-]+){0,3}")
FOLDERS = ("layouts/shortcodes", "layouts/_shortcodes")
SUFFIXES = (".html", ".md")
LARGEST = 8_000
ACTION = re.compile(r"(\s*)\{\{(-?)(.*?)(-?)\}\}(\s*)", re.DOTALL)
REMARK = re.compile(r"/\*.*\*/", re.DOTALL)
GET = re.compile(r"\.Get\s+(?:(\d+)|\"([\w-]+)\"|`([\w-]+)`)")
INNER = re.compile(r"(?:\.Page\.RenderString\s+|\$\.Page\.RenderString\s+)?\.Inner(?:Deindent)?")
# What may follow a value and changes nothing that matters here.
FILTERS = ("safeHTML", "safeURL", "safeHTMLAttr", "markdownify", "plainify", "htmlEscape")
RENDERED = (*FILTERS, ".Page.RenderString", "$.Page.RenderString")
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "figure"),
        *("footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol"),
        *("p", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
# What no mail shows, and what is more than text.
RUN = re.compile(r"<(?:script|style|svg|form|object|embed|template)\b", re.IGNORECASE)
MARK = "\ue01f"


@dataclass(frozen=True, slots=True)
class Template:
    """A template of a site's own; `.md` ones are Markdown."""

    source: str
    is_markdown: bool


def template(root: Path | None, themes: tuple[str, ...], name: str) -> Template | None:
    """Return the template of a shortcode, the site's before a theme's, None when it has none."""
    if root is None or not NAME.fullmatch(name):
        return None
    for base in (root, *(root / "themes" / theme for theme in themes if NAME.fullmatch(theme))):
        for file in (base / folder / f"{name}{kind}" for folder in FOLDERS for kind in SUFFIXES):
            try:
                if not file.is_file() or file.stat().st_size > LARGEST:
                    continue
                if file.resolve().is_relative_to(root.resolve()):
                    return Template(file.read_text("utf-8"), file.suffix == ".md")
            except (OSError, ValueError):
                continue
    return None


def expanded(own: Template, call: Call) -> Shown | None:
    """Return what a template makes of a call; None for one with any logic in it."""
    if RUN.search(own.source):
        return None
    filled = _filled(own.source, call)
    if filled is None or filled.count(MARK) > 1:
        return None
    filled = COMMENT.sub("", filled)
    if own.is_markdown:
        before, _, after = filled.partition(MARK)
        return _around(before, after, call) if MARK in filled else instead(filled.strip())
    filled = " ".join(filled.split())
    if MARK in filled:
        before, _, after = filled.partition(MARK)
        return _around(_inline(before), _inline(after), call)
    said = TAG.sub("", filled).strip()
    if not said and "<img" not in filled.lower() and "<iframe" not in filled.lower():
        return instead("")
    first = TAG.match(filled)
    if call.is_alone and first and first[2].lower() in BLOCKS:
        return instead(filled, is_block=True)
    return instead(_inline(filled), is_block=call.is_alone)


def _filled(source: str, call: Call) -> str | None:
    """Put arguments in, and a mark for what stands between the tags."""
    parts: list[str] = []
    at = 0
    for action in ACTION.finditer(source):
        value = _value(action[3].strip(), call)
        if value is None:
            return None
        left, right = "" if action[2] else action[1], "" if action[4] else action[5]
        parts += [source[at : action.start()], left, value, right]
        at = action.end()
    rest = source[at:]
    return None if "{{" in rest else "".join([*parts, rest])


def _value(action: str, call: Call) -> str | None:
    if REMARK.fullmatch(action):
        return ""
    said, *filters = (one.strip() for one in action.split("|"))
    got = GET.fullmatch(said)
    if got and set(filters) <= set(FILTERS):
        value = call.get(got[2] or got[3]) if not got[1] else call.get(at=int(got[1][:3]))
        return value if "safeHTML" in filters else html.escape(value)
    if INNER.fullmatch(said) and set(filters) <= set(RENDERED):
        return MARK if call.inner is not None else ""
    return None


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
    return SPECIAL.sub(r"\\\1", html.unescape(text))


def _around(before: str, after: str, call: Call) -> Shown:
    if not call.is_alone:
        return Shown(before, after)
    before, after = before.strip(), after.strip()
    return Shown(f"{before}\n" if before else "", f"\n{after}" if after else "", is_block=True)
