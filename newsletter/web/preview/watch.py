"""Which files a rendering was made of, and whether one of them was saved since."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from newsletter.digest.model import Digest
from newsletter.digest.post_file import INDEXES
from newsletter.resources import resource
from newsletter.settings import FILE

# Modification time and size, and the file itself: many an editor saves by putting another there.
Stamp = tuple[int, int, int]
Stamps = dict[Path, Stamp]

CONFIGURATIONS = (".toml", ".yaml", ".yml", ".json", ".py", ".js", ".mjs", ".ts")
MOST_FILES = 2_000
MOST_LEVELS = 6
SETTLE_SECONDS = 0.03
SETTLE_ROUNDS = 10


def template_folders(own: Path | None) -> tuple[Path, ...]:
    """Return the folders of the email's templates: ours, and a project's own."""
    ours = resource("templates", "email")
    return (ours,) if own is None else (ours, own)


def watched(post: Path, digest: Digest | None, own: Path | None = None) -> Iterator[Path]:
    """Yield what a rendering depends on: the post and what lies beside it, pictures, templates.

    So are `newsletter.toml` and what may configure the site: up to six folders above, and none
    above the repository's. A bundle is watched whole, up to 2,000 files; `own` is the folder of
    a project's own templates.
    """
    yield post
    yield FILE
    yield from _files(post.parent, deep=post.name in INDEXES)
    yield from _configurations(post)
    for folder in template_folders(own):
        yield from _files(folder, deep=True)
    if digest is not None:
        yield from (image.path for image in digest.images.values() if image.path)


def _files(folder: Path, *, deep: bool) -> Iterator[Path]:
    left = MOST_FILES
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if deep and name[0] != ".")
        for name in names[:left]:
            yield Path(here, name)
        left -= len(names)
        if left <= 0:
            return


def _configurations(post: Path) -> Iterator[Path]:
    for folder in post.resolve().parents[:MOST_LEVELS]:
        yield from (file for file in _files(folder, deep=False) if file.suffix in CONFIGURATIONS)
        if (folder / ".git").exists():
            return


def stamps(paths: Iterable[Path]) -> Stamps:
    """Return a stamp of each file that is there."""
    found: Stamps = {}
    for path in paths:
        try:
            told = path.stat()
        except (OSError, ValueError):
            continue
        found[path] = (told.st_mtime_ns, told.st_size, told.st_ino)
    return found


def settled(paths: Iterable[Path], seen: Stamps) -> Stamps:
    """Return the stamps of these files once they rest.

    Who saves may empty the file first, or be without one for a moment: a difference from `seen`
    is looked at again until two looks agree, for a third of a second at most.
    """
    named = tuple(paths)
    found = stamps(named)
    for _ in range(SETTLE_ROUNDS):
        if found == seen:
            break
        time.sleep(SETTLE_SECONDS)
        seen, found = found, stamps(named)
    return found


def saved(before: Stamps, after: Stamps) -> set[Path]:
    """Return the files that differ: saved, new or gone."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
