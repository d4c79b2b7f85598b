"""Squeezing: what mrml and premailer write twice or for nobody is taken out."""

import re
from functools import lru_cache

_DOCUMENT = (
    # Neighbouring Outlook branches become one.
    (re.compile(r"<!\[endif\]--><!--\[if mso \| IE\]>"), ""),
    # Thunderbird has read plain @media since long; this block repeats it for an old version.
    (re.compile(r'<style media="screen and[^>]*>\.moz-text-html.*?</style>', re.DOTALL), ""),
    # The width of a wrapper's row without its gutters, which Word would add on top.
    (re.compile(r'<td width="\d+px">'), "<td>"),
    # Internet Explorer and Outlook 2007.
    (re.compile(r"<!--\[if lte mso 11\]>.*?<!\[endif\]-->", re.DOTALL), ""),
)
_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_STYLE = re.compile(r"""style=(?:"([^"]*)"|'([^']*)')""")
_ATTRIBUTES = re.compile(
    r' vertical-align="\w+"'  # no attribute of HTML
    # A label on something that is no landmark is announced out of place.
    r'| aria-label="[^"]*" aria-roledescription="email"| role="article"'
    r'| class="[\w -]*-outlook"'
    r"|mj-outlook-group-fix "
)
_NOTHING = frozenset({"word-spacing:normal", "cursor:auto", "text-transform:none"})


def squeeze(html: str) -> str:
    """Return the same document in fewer bytes; no word of an author is touched."""
    for pattern, by in _DOCUMENT:
        html = pattern.sub(by, html)
    return _TAG.sub(_tag, html)


def _tag(match: re.Match[str]) -> str:
    tag = _ATTRIBUTES.sub("", match[0])
    return _STYLE.sub(_style, tag) if "style=" in tag else tag


def _style(match: re.Match[str]) -> str:
    return f'style="{_tightened(match[1] or match[2] or "")}"'


# The same few styles stand on hundreds of tags.
@lru_cache(maxsize=4096)
def _tightened(style: str) -> str:
    """Tighten a style attribute's text and drop each declaration that a later one repeats."""
    kept: dict[str, str] = {}
    for declaration in style.replace("&quot;", "'").replace('"', "'").split(";"):
        name, colon, value = (part.strip() for part in declaration.partition(":"))
        if colon and f"{name}:{value}" not in _NOTHING:
            kept.pop(name, None)
            kept[name] = value.replace(", ", ",")
    if kept.get("background") == kept.get("background-color"):
        kept.pop("background", None)
    return ";".join(f"{name}:{value}" for name, value in kept.items())
