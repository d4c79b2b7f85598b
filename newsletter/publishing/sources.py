"""By what an issue knows its post again: its key, and its place in the repository."""

import re
from pathlib import Path

from newsletter.digest.model import Digest
from newsletter.errors import PostError


def issue_key(digest: Digest) -> str:
    """Return the key of a digest's issue: the slug's last part, else the bundle or file name.

    Lowered, `[a-z0-9-]` only. Raises PostError when nothing is left of it.
    """
    name = digest.slug.strip("/").rsplit("/", 1)[-1]
    if not name:
        path = digest.path
        name = path.parent.name if path.stem in ("index", "_index") else path.stem
    key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not key:
        raise PostError(
            "no key can be made of the post's slug or name",
            "give it a `slug:` with latin letters or digits",
            path=digest.path,
        )
    return key


def source_of(path: Path) -> str:
    """Return the post's place in its repository, the same in every checkout of it."""
    resolved = path.resolve()
    for folder in resolved.parents:
        if (folder / ".git").exists():
            return resolved.relative_to(folder).as_posix()
    return "/".join(resolved.parts[-3:])
