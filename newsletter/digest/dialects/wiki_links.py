"""`[[Page]]` and `![[picture.png]]`, as Obsidian and many plugins of generators write them.

https://help.obsidian.md/links, https://help.obsidian.md/embeds
"""

import re
from pathlib import Path
from urllib.parse import quote

from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.lines import line_numbers
from newsletter.digest.dialects.unknown import Unknown, online
from newsletter.digest.dialects.written import picture, words
from newsletter.findings import Finding

# `a[[1]]` is code of some kind, `[[a]](b)` a link with brackets.
LINK = re.compile(
    r"(?<![A-Za-z0-9_\]\\])(?P<embed>!?)\[\[(?P<name>[^\[\]\n|#^]{0,200})"
    r"(?P<place>[#^][^\[\]\n|]{0,200})?(?:\\?\|(?P<shown>[^\[\]\n]{0,300}))?\]\](?![\[(])"
)
PICTURE = re.compile(r".+\.(?:png|jpe?g|gif|webp|avif|svg|bmp)", re.IGNORECASE)
SIZE = re.compile(r"(\d{1,4})(?:x\d{1,4})?")
CONTENTS = ("toc", "_toc_")
# Where a vault keeps its pictures, seen from the post.
FOLDERS = ("", "attachments", "assets", "images", "img", "media", "files")
# What only Obsidian has, so it goes only where there is a link of its kind.
COMMENT = re.compile(r"%%(?:(?!%%).){1,4000}?%%", re.DOTALL)
BLOCK_NAME = re.compile(r"(?:^|[ \t])\^[A-Za-z0-9-]{4,60}[ \t]*$", re.MULTILINE)
DEFINED = re.compile(r"^[ \t>]*\[([^\[\]\n]{1,200})\]:", re.MULTILINE)
MOST_TOLD = 8
# Each may be looked for in all of the site.
MOST_LOOKED_UP = 100


def lift_wiki_links(text: str, page: Page, unknown: Unknown) -> tuple[str, tuple[Finding, ...]]:
    """Return text, whose code is hidden, with links and pictures as Markdown; and those without a page."""
    if "[[" not in text:
        return text, ()
    lost: dict[str, int] = {}
    known: dict[str, str | None] = {}
    defined = {one.lower() for one in DEFINED.findall(text)}
    line = line_numbers(text)

    def lift(found: re.Match[str]) -> str:
        name, place = found["name"].strip(), (found["place"] or "").lstrip("#^ ")
        at = line(found.start())
        if name.lower() in CONTENTS:
            unknown.leave(found[0], at)
            return ""
        if not any(one.isalpha() for one in name + place) or name.lower() in defined:
            return found[0]
        if found["embed"]:
            return _embedded(found, name, page, unknown, at)
        said = (found["shown"] or " > ".join(filter(None, (name, place)))).strip()
        if name and name not in known and len(known) < MOST_LOOKED_UP:
            known[name] = page.site.resolve(f"{quote(name)}.md", page.path)
        address = known.get(name)
        if not address:
            lost.setdefault(found[0], at)
            return words(said)
        return f"[{words(said)}](<{address}>)"

    lifted = LINK.sub(lift, text)
    if lifted == text:
        return text, ()
    lifted = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), lifted)
    return BLOCK_NAME.sub("", lifted), _findings(lost, page)


def _embedded(found: re.Match[str], name: str, page: Page, unknown: Unknown, line: int) -> str:
    shown = (found["shown"] or "").strip()
    if not PICTURE.fullmatch(name):
        unknown.add(f"![[{name}]]", line)
        return online(page, words(shown or name))
    size = SIZE.fullmatch(shown)
    return picture(_place(name, page), "" if size else shown, width=size[1] if size else "")


def _place(name: str, page: Page) -> str:
    """Return the path of a picture from the post, which names only its file."""
    for folder in FOLDERS:
        path = Path(folder) / name
        try:
            if (page.path.parent / path).is_file():
                return path.as_posix()
        except (OSError, ValueError):
            break
    return name


def _findings(lost: dict[str, int], page: Page) -> tuple[Finding, ...]:
    if not lost:
        return ()
    told = ", ".join(list(lost)[:MOST_TOLD])
    return (
        Finding(
            "link-relative",
            f"No page of the site is known for {told}; the words stay.",
            "Write the whole address, as in `[words](https://…)`.",
            path=page.path,
            line=min(lost.values()),
        ),
    )
