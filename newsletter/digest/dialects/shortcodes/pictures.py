"""Figures, single pictures and galleries."""

from fnmatch import fnmatchcase
from pathlib import Path

from newsletter.digest.containers import closing, opening
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.shortcodes.call import Call, Shown, instead
from newsletter.digest.dialects.written import link, picture

SOURCES = ("src", "href", "url", "path", "image", "img", "file", "filename", "name", "id")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff")
MOST_PICTURES = 60
MOST_FILES = 2_000


def figure(call: Call) -> Shown | None:
    """Show a picture with its title, caption and whose it is, which are Markdown as in Hugo."""
    src = call.get(*SOURCES, at=0)
    if not src:
        return None
    caption = call.get("caption", "legend", "figcaption") or call.text
    title = call.get("title")
    credit = call.get("attr", "attribution", "credit", "author")
    by = link(credit, call.get("attrlink", "attributionlink")) if credit else ""
    said = " ".join(one for one in (f"**{title}**" if title else "", caption, by) if one)
    alt = call.get("alt", "alttext") or (call.positional[1] if call.positional[1:] else "")
    shown = picture(src, alt, width=call.get("width"), height=call.get("height"))
    url = call.get("link")
    shown = link(shown, url) if url else shown
    if not call.is_alone:
        return instead(f"{shown} {said}".rstrip())
    if not said:
        return instead(shown, is_block=True)
    return instead(f"{opening('figure', said)}\n{shown}\n{closing()}", is_block=True)


def gallery(call: Call) -> Shown | None:
    """Show the pictures of a gallery: those between its tags, or those its pattern names."""
    if call.inner is not None and call.inner.strip():
        return Shown(is_block=True)
    pattern = call.get("match", "pattern", "glob", "images", at=0)
    folder = call.get("dir", "folder", "path")
    if folder and not pattern:
        pattern = f"{folder.strip('/')}/*"
    found = matching(call.page, pattern) if pattern else []
    if call.get("sortorder") == "desc":
        found.reverse()
    if not found:
        return None
    titles = titled(call.page, found)
    shown = [picture(name, titles.get(name, "")) for name in found[:MOST_PICTURES]]
    return instead("\n\n".join(shown), is_block=True)


def matching(page: Page, pattern: str) -> list[str]:
    """Return the pictures beside a post whose path from its folder fits a pattern, sorted."""
    folder = page.path.parent
    found = []
    for file in _below(folder):
        name = file.relative_to(folder).as_posix()
        if file.suffix.lower() in PICTURES and fits(name, pattern):
            found.append(name)
    return sorted(found)


def _below(folder: Path) -> list[Path]:
    """Return the files below a folder, no deeper than two; a link that leads out is none."""
    found: list[Path] = []
    try:
        for file in (*folder.glob("*"), *folder.glob("*/*"), *folder.glob("*/*/*")):
            if len(found) >= MOST_FILES:
                break
            if file.is_file() and file.resolve().is_relative_to(folder.resolve()):
                found.append(file)
    except OSError:
        return found
    return found


def fits(name: str, pattern: str) -> bool:
    """Return whether a path fits a pattern of Hugo's: `*`, `**`, `?`, `{a,b}`, any case."""
    return any(_fits(name.lower(), one.lower()) for one in _alternatives(pattern))


def _fits(name: str, pattern: str) -> bool:
    if "**" in pattern:
        return fnmatchcase(name, pattern.replace("**", "*"))
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _alternatives(pattern: str) -> list[str]:
    before, brace, rest = pattern.partition("{")
    inside, close, after = rest.partition("}")
    if not brace or not close or "{" in after:
        return [pattern]
    return [f"{before}{one}{after}" for one in inside.split(",")]


def titled(page: Page, names: list[str]) -> dict[str, str]:
    """Return the titles that `resources` in the front matter gives to files of the bundle."""
    resources = page.matter.values.get("resources")
    found: dict[str, str] = {}
    for entry in resources if isinstance(resources, list) else ():
        if not isinstance(entry, dict):
            continue
        src, title = entry.get("src"), entry.get("title")
        if isinstance(src, str) and isinstance(title, str) and ":counter" not in title:
            found |= {name: title for name in names if name not in found and fits(name, src)}
    return found
