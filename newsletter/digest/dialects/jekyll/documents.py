"""What a file is to Jekyll: a post, a draft, a document of a collection or a page; told by its path."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

# Jekyll's own: two to four digits for the year, one or two for month and day.
DATED = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a site: its path from the source folder, and what that path says.

    The folder that holds all collections, where a site has one, is no part of the path. `kind` is `posts`, `drafts`, a collection's label, or `pages`. `inner` is the path within the
    collection's folder; `day` and `slug` come from the name, `categories` from the folders above.
    """

    path: PurePosixPath
    kind: str
    inner: PurePosixPath
    slug: str
    day: str = ""
    categories: tuple[str, ...] = ()

    @property
    def is_post(self) -> bool:
        """Whether the file is a post, published or not."""
        return self.kind in ("posts", "drafts")


def source_folder(root: Path, settings: Mapping[str, Any]) -> Path:
    """Return the folder in which a site's files lie; it never leaves the root."""
    named = settings.get("source")
    if isinstance(named, str) and named.strip():
        folder = (root / named).resolve()
        if folder.is_relative_to(root.resolve()):
            return folder
    return root.resolve()


def collections_folder(settings: Mapping[str, Any]) -> PurePosixPath:
    """Return the folder, below the source folder, that holds the collections; often itself."""
    named = settings.get("collections_dir")
    return PurePosixPath(named.strip("/") if isinstance(named, str) else "")


def document(file: Path, source: Path, settings: Mapping[str, Any]) -> Document | None:
    """Return what a file is, None for one outside of the source folder."""
    try:
        path = PurePosixPath(file.resolve().relative_to(source).as_posix())
    except (OSError, ValueError):
        return None
    above = collections_folder(settings).parts
    if above and path.parts[: len(above)] == above:
        path = PurePosixPath(*path.parts[len(above) :])
    parts = path.parts
    for kind in ("posts", "drafts"):
        if f"_{kind}" in parts[:-1]:
            at = parts.index(f"_{kind}")
            return _dated(path, kind, PurePosixPath(*parts[at + 1 :]), parts[:at])
    label = parts[0].removeprefix("_")
    if parts[0].startswith("_") and label in _collections(settings) and len(parts) > 1:
        return _dated(path, label, PurePosixPath(*parts[1:]), ())
    return Document(path, "pages", path, path.stem)


def _dated(
    path: PurePosixPath, kind: str, inner: PurePosixPath, above: tuple[str, ...]
) -> Document:
    name = path.name[: -len(path.suffix)] if path.suffix else path.name
    found = DATED.fullmatch(name)
    day, slug = (found[1], found[2]) if found else ("", name)
    return Document(path, kind, inner, slug.rstrip("."), day, above)


def _collections(settings: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the settings of each collection by its label."""
    named = settings.get("collections")
    if isinstance(named, list):
        return {str(label): {} for label in named}
    if not isinstance(named, dict):
        return {}
    return {str(key): value if isinstance(value, dict) else {} for key, value in named.items()}


def of_collection(settings: Mapping[str, Any], label: str) -> Mapping[str, Any]:
    """Return the settings of one collection, empty where it has none."""
    return _collections(settings).get(label, {})


def defaults(one: Document, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the front matter that `defaults` in the configuration gives a file.

    Of two sets that fit, the one with the longer path counts, then the one that names a type.
    """
    sets = settings.get("defaults")
    fitting = [
        (*_weight(scope), values)
        for scope, values in map(_parts, sets if isinstance(sets, list) else ())
        if _fits(one, scope, collections_folder(settings))
    ]
    merged: dict[str, Any] = {}
    for _, _, values in sorted(fitting, key=lambda found: found[:2]):
        merged.update(values)
    return merged


def _parts(entry: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    table = entry if isinstance(entry, dict) else {}
    scope, values = table.get("scope"), table.get("values")
    return (
        scope if isinstance(scope, dict) else {},
        values if isinstance(values, dict) else {},
    )


def _weight(scope: Mapping[str, Any]) -> tuple[int, bool]:
    path = scope.get("path")
    return (len(path.strip("/")) if isinstance(path, str) else 0), "type" in scope


def _fits(one: Document, scope: Mapping[str, Any], collections: PurePosixPath) -> bool:
    kind = scope.get("type")
    if kind is not None and str(kind).rstrip("s") != one.kind.rstrip("s"):
        return False
    path = scope.get("path")
    if not isinstance(path, str) or not path.strip("/"):
        return True
    path = path.strip("/").removeprefix(f"{collections}/")
    if "*" not in path:
        return str(one.path).startswith(path)
    depth = len(PurePosixPath(path).parts)
    return PurePosixPath(*one.path.parts[:depth]).match(path)
