"""What an author's own HTML asks for, and large mail programs lack.

The table is short on purpose: what the reader replaces by a link (frames, films, scripts) is not
in it. Source: caniemail.com, as tested there between 2019 and 2024.
"""

import re
from collections.abc import Iterator, Mapping

from newsletter.digest.raw_html import Tag
from newsletter.findings import Finding
from newsletter.preflight.checked import Checked

MOST = "Gmail, Outlook and Yahoo lack"
OUTLOOK = "Outlook lacks"
ALL = "every mail program lacks"
TAGS: Mapping[str, str] = {
    **dict.fromkeys(("form", "input", "button", "select", "textarea"), OUTLOOK),
    **dict.fromkeys(("math", "meter", "progress", "svg"), MOST),
    **dict.fromkeys(("canvas", "dialog"), ALL),
}
STYLES: Mapping[str, str] = {
    **dict.fromkeys(("animation", "filter", "position", "transform"), MOST),
    **dict.fromkeys(("background-image", "columns", "column-count", "float"), OUTLOOK),
}
# Boxes to tick are shown as ☑ and ☐.
DRAWN = ("checkbox", "radio")
DISPLAYS = ("flex", "grid", "inline-flex", "inline-grid")
HARMLESS = ("auto", "inherit", "initial", "none", "static", "unset")
PROPERTY = re.compile(r"(?:^|;)\s*([\w-]+)\s*:\s*([^;]*[^;\s])")


def check_features(checked: Checked) -> Iterator[Finding]:
    """Find tags, handlers and styles in the post that clients lack, each of them once."""
    seen: set[str] = set()
    for tag in checked.digest.html:
        for code, feature, lacking in _features(tag):
            if feature not in seen:
                seen.add(feature)
                yield checked.finding(
                    code, f"{feature} is left out of the mail: {lacking} it.", line=tag.line
                )


def _features(tag: Tag) -> Iterator[tuple[str, str, str]]:
    if tag.name in TAGS and tag.attributes.get("type") not in DRAWN:
        yield "tag-unsupported", f"<{tag.name}>", TAGS[tag.name]
    if any(name.startswith("on") for name in tag.attributes):
        yield "tag-unsupported", "A handler such as onclick=", ALL
    for name, value in PROPERTY.findall(tag.attributes.get("style", "").lower()):
        if name in STYLES and value not in HARMLESS:
            yield "style-unsupported", f"{name}:", STYLES[name]
        elif name == "display" and value in DISPLAYS:
            yield "style-unsupported", f"display:{value}", OUTLOOK
