"""The folder of what must outlive the database, and names in folders forced to the disk.

A file whose bytes are on the disk is lost in a power cut all the same while its name is not.
"""

import errno
import os
from pathlib import Path

from newsletter.errors import SettingsError


def private_folder(folder: Path) -> Path:
    """Return the folder of what must outlive the database, made for its owner alone, no git's."""
    try:
        made = [one for one in (folder, *folder.parents) if not one.exists()]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for one in made:
            force(one.parent)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="ascii")
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be made: {error.strerror}",
            "set STATE_DIR to a folder you may write to",
        ) from None
    return folder


def force(folder: Path) -> None:
    """Force the names in a folder to the disk: what was made, moved and removed there."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some file systems of networks and of virtual machines force files alone.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
