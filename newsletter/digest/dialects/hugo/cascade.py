"""What a Hugo site, and the sections above a page, hand down to its front matter.

https://gohugo.io/configuration/cascade/, https://gohugo.io/content-management/front-matter/#cascade
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from newsletter.digest.dialects.hugo.content import Spot
from newsletter.digest.dialects.shortcodes.call import fits
from newsletter.digest.front_matter import split
from newsletter.digest.site_files import read_site_file
from newsletter.errors import PostError

TARGETS = ("target", "_target")


def with_cascade(values: Mapping[str, Any], spot: Spot, site: Path) -> dict[str, Any]:
    """Return a page's front matter with what is handed down to it; what it says itself stays.

    A section counts more than those above it, and than the site.
    """
    found = dict(values)
    for block in _blocks(spot, site):
        if _reaches(block, spot):
            for name, value in block.items():
                if name not in TARGETS:
                    _hand_down(found, name, value)
    return found


def _hand_down(found: dict[str, Any], name: str, value: Any) -> None:
    known = next((key for key in found if key.lower() == name.lower()), None)
    if known is None:
        found[name] = value
    elif isinstance(found[known], dict) and isinstance(value, dict):
        found[known] = {**value, **found[known]}


def _blocks(spot: Spot, site: Path) -> Iterator[Mapping[str, Any]]:
    """Yield what is handed down, the nearest first."""
    suffixes = (f".{spot.language.code}.md", ".md")
    inside = spot.folders[len(spot.mount.target.parts) :]
    for depth in range(len(inside), -1, -1):
        folder = spot.mount.folder.joinpath(*inside[:depth])
        for suffix in suffixes:
            values = _front_matter(folder / f"_index{suffix}", site)
            if values is not None:
                yield from _listed(values)
                break
    yield from _listed(spot.language.settings)


def _front_matter(file: Path, site: Path) -> Mapping[str, Any] | None:
    if not file.is_file() or not file.is_relative_to(site):
        return None
    try:
        return split(read_site_file(site, str(file.relative_to(site))) or "", file).values
    except PostError:
        return None


def _listed(values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    written = next((one for key, one in values.items() if key.lower() == "cascade"), None)
    for block in written if isinstance(written, list) else [written]:
        if isinstance(block, dict):
            yield block


def _reaches(block: Mapping[str, Any], spot: Spot) -> bool:
    """Return whether a block is for this page: by path, kind, language and environment."""
    target: Mapping[Any, Any] = next(
        (block[name] for name in TARGETS if isinstance(block.get(name), dict)), {}
    )
    folder = "/" + "/".join(spot.folders)
    paths = (f"{folder.rstrip('/')}/{spot.name}", f"{folder.rstrip('/')}/{spot.name}.md")
    wanted = {
        "path": paths,
        "kind": ("section" if spot.is_section else "page",),
        "lang": (spot.language.code,),
        "environment": ("production",),
    }
    for name, pattern in target.items():
        known = wanted.get(str(name).lower(), ("",))
        if not any(fits(one, str(pattern).lower()) for one in map(str.lower, known)):
            return False
    return True
