"""What a post may not lead out of: a link in a repository could mean any file of the machine."""

import os
from pathlib import Path

from newsletter.digest.dialects.recognition import DIALECTS, REPOSITORY, names_in
from newsletter.errors import PostError


def refuse_link_out(path: Path) -> None:
    """Refuse a file that is only a link to one outside; raises PostError.

    Outside of its repository, else of its site, else of its folder. A path without links in it is
    wherever its reader put it.
    """
    written = Path(os.path.abspath(path))
    try:
        if path.resolve() == written:
            return
        folder = _enclosing(written)
        is_inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:
        raise PostError(f"cannot be opened: {error}", "check the path", path=path) from error
    if not is_inside:
        raise PostError(
            f"is a link that leads out of {folder.name or folder}",
            "put the file itself there",
            path=path,
        )


def _enclosing(written: Path) -> Path:
    site = None
    for folder in written.parents:
        names = names_in(folder)
        if REPOSITORY in names:
            return folder
        if site is None and any(dialect.has_root(folder, names) for dialect in DIALECTS):
            site = folder
    return site or written.parent
