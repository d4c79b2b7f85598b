"""Where a Hugo site keeps its content: languages, folders, and a post's place among them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from newsletter.digest.site import web_base

THEME = re.compile(r"[\w.-]{1,80}")


@dataclass(frozen=True, slots=True)
class Language:
    """A language of a site: its settings over those of the whole site."""

    code: str
    settings: Mapping[str, Any]
    base: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder of content, and where it lies in the tree that Hugo sees; empty: every language."""

    folder: Path
    target: PurePosixPath
    language: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A page's place: the folders above it, its name without language and suffix, its folder.

    A page that is a bundle is named as its folder; a section's own page has the name `_index`.
    """

    language: Language
    folders: tuple[str, ...]
    name: str
    is_section: bool
    mount: Mount


def languages(settings: Mapping[str, Any], base: str) -> dict[str, Language]:
    """Return the languages of a site by their codes; a site that names none has its default one."""
    default = str(settings.get("defaultcontentlanguage") or "en").lower()
    named = settings.get("languages")
    tables = {
        code: table
        for code, table in (named.items() if isinstance(named, dict) else ())
        if isinstance(table, dict) and table.get("disabled") is not True
    }
    disabled = settings.get("disablelanguages")
    for code in disabled if isinstance(disabled, list) else ():
        tables.pop(str(code).lower(), None)
    if not tables:
        return {default: Language(default, settings, base, "")}
    if default not in tables:
        default = next(iter(tables))
    in_folder = settings.get("defaultcontentlanguageinsubdir") is True
    own = {code: web_base(table.get("baseurl")) for code, table in tables.items()}
    found = {}
    for code, table in tables.items():
        prefix = "" if all(own.values()) or (code == default and not in_folder) else f"{code}/"
        its_base = (own[code] if all(own.values()) else "") or base
        found[code] = Language(code, {**settings, **table}, its_base, prefix)
    # The default one first.
    return {default: found[default], **found}


def mounts(root: Path, settings: Mapping[str, Any], known: Mapping[str, Language]) -> list[Mount]:
    """Return the folders of a site's content, a deeper one before those around it."""
    found = list(_mounted(root, settings, "content"))
    if not found:
        for code, language in known.items():
            named = language.settings.get("contentdir")
            folder = named if isinstance(named, str) and named else "content"
            is_own = named != settings.get("contentdir")
            found.append(Mount(root / folder, PurePosixPath(), code if is_own else ""))
    return sorted(dict.fromkeys(found), key=lambda one: -len(one.folder.parts))


def _mounted(root: Path, settings: Mapping[str, Any], component: str) -> Iterator[Mount]:
    module = settings.get("module")
    entries = module.get("mounts") if isinstance(module, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            continue
        source, target = entry.get("source"), entry.get("target")
        if not isinstance(source, str) or not isinstance(target, str):
            continue
        path = PurePosixPath(target.strip("/"))
        if path.parts[:1] == (component,):
            language = entry.get("lang")
            code = language.lower() if isinstance(language, str) else ""
            yield Mount(root / source, PurePosixPath(*path.parts[1:]), code)


def folders_of(root: Path, settings: Mapping[str, Any], component: str) -> list[Path]:
    """Return the folders of `static` or `assets`: the site's own, mounted ones, those of themes."""
    named = [value for key, value in sorted(settings.items()) if key.startswith(f"{component}dir")]
    own = [one for value in named for one in (value if isinstance(value, list) else [value])]
    folders = [root / one for one in own if isinstance(one, str) and one] or [root / component]
    folders += [mount.folder for mount in _mounted(root, settings, component)]
    themes = settings.get("theme")
    for theme in themes if isinstance(themes, list) else [themes]:
        if isinstance(theme, str):
            folders.append(root / "themes" / theme / component)
    return list(dict.fromkeys(folders))


def layouts(settings: Mapping[str, Any], folders: Iterable[str]) -> list[str]:
    """Return where these folders of templates lie: in the site itself, then in its themes."""
    named = settings.get("theme")
    themes = [
        one for one in (named if isinstance(named, list) else [named]) if isinstance(one, str)
    ]
    roots = ["", *(f"themes/{one}/" for one in themes if THEME.fullmatch(one))]
    return [f"{root}layouts/{folder}" for root in roots for folder in folders]


def spot(post: Path, root: Path, settings: Mapping[str, Any], base: str) -> Spot | None:
    """Return where a page lies in a site's content, None for a file that is no page of it."""
    known = languages(settings, base)
    for mount in mounts(root, settings, known):
        try:
            inside = post.relative_to(mount.folder.resolve())
        except (ValueError, OSError):
            continue
        name, code = _named(inside.stem, known)
        language = known.get(mount.language or code) or next(iter(known.values()))
        folders = (*mount.target.parts, *inside.parts[:-1])
        if _is_within_bundle(post, mount.folder.resolve(), name, known):
            return None
        if name == "index" and folders:
            return Spot(language, folders[:-1], folders[-1], False, mount)
        return Spot(language, folders, name, name == "_index", mount)
    return None


def _named(stem: str, known: Mapping[str, Language]) -> tuple[str, str]:
    """Return a name without the language that ends it, and that language."""
    name, dot, code = stem.rpartition(".")
    return (name, code.lower()) if dot and code.lower() in known else (stem, "")


def _is_within_bundle(post: Path, content: Path, name: str, known: Iterable[str]) -> bool:
    """Whether a file is only a resource of a page: an `index.md` beside it, or above, is that page."""
    indexes = ("index.md", *(f"index.{code}.md" for code in known))
    for folder in post.parents:
        if folder == content:
            return False
        is_own = folder == post.parent and name in ("index", "_index")
        if not is_own and any((folder / one).is_file() for one in indexes):
            return True
    return False
