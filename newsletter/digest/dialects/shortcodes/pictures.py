"""Figures, single pictures and galleries."""

from newsletter.digest.containers import closing, opening
from newsletter.digest.dialects.dialect import Page
from newsletter.digest.dialects.shortcodes.call import Bundle, Call, Shown, fits, instead
from newsletter.digest.dialects.unknown import online
from newsletter.digest.dialects.written import link, picture

SOURCES = ("src", "href", "url", "path", "image", "img", "file", "filename", "name", "id")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff")
MOST_PICTURES = 60


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
    bundle = call.bundle or Bundle(call.page.path.parent)
    found = bundle.matching(pattern) if pattern else []
    found = [name for name in found if name.lower().endswith(PICTURES)]
    if call.get("sortorder") == "desc":
        found.reverse()
    if not found and not pattern:
        return None
    if not found:
        return Shown(online(call.page), is_block=call.is_alone, missing=pattern)
    titles = titled(call.page, found)
    shown = [picture(name, titles.get(name, "")) for name in found[:MOST_PICTURES]]
    return instead("\n\n".join(shown), is_block=True)


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
