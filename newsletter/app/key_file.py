"""The keys of an installation that set none: made on first run beside the SQLite file."""

import os
import secrets
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from newsletter.app.file_lock import locked
from newsletter.app.state_folder import force, private_folder
from newsletter.errors import SettingsError
from newsletter.keys import KeyRing
from newsletter.settings import Settings

FILE = "keys"
_FIRST_LINES = """\
# Signs every link that leaves this installation. Keep it, back it up, show it to nobody.
# One key a line, newest first; a key that ever signed must stay.
"""


def ring_of(settings: Settings) -> KeyRing:
    """Return the ring of SECRET_KEYS, or of the key file beside the SQLite database.

    The file is made when it is not there. Raises SettingsError on PostgreSQL without keys, when
    git tracks the file, and when others may read it.
    """
    if settings.secret_keys:
        return KeyRing([key.get_secret_value() for key in settings.secret_keys])
    if settings.database_file is None:
        raise SettingsError(
            "SECRET_KEYS is empty, and on PostgreSQL every process must have the same",
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))' makes one; "
            "set NEWSLETTER_SECRET_KEYS to it everywhere",
        )
    return KeyRing(_read(private_folder(settings.state_folder) / FILE))


def rotate(settings: Settings) -> str:
    """Put a new key above the others in the key file, and return its fingerprint.

    Processes that run keep the keys they have read. Raises SettingsError where the keys are set
    by SECRET_KEYS: they are not ours to write.
    """
    if settings.secret_keys or settings.database_file is None:
        raise SettingsError(
            "the keys are those of SECRET_KEYS", "docs/how-to/rotate-keys.md has the steps"
        )
    file = private_folder(settings.state_folder) / FILE
    with locked(file.with_name(f"{FILE}.lock")):
        old = _read(file)
        new = secrets.token_urlsafe(32)
        draft = _draft(file, [new, *old])
        os.replace(draft, file)
        force(file.parent)
    return KeyRing([new]).newest.fingerprint


def _read(file: Path) -> list[str]:
    if not file.exists():
        _make(file)
    _refuse_tracked(file)
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise SettingsError(f"others may read {file}", f"chmod 600 {file}")
    lines = file.read_text(encoding="utf-8").splitlines()
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not keys:
        raise SettingsError(f"{file} holds no key", "put back the file of your backup")
    return keys


def _make(file: Path) -> None:
    """Write a new key; when two processes come first at once, one file is made and both read it."""
    draft = _draft(file, [secrets.token_urlsafe(32)])
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        os.unlink(draft)
        force(file.parent)


def _draft(file: Path, keys: Sequence[str]) -> str:
    """Write keys beside the key file, safe on the disk and for their owner alone."""
    handle, draft = tempfile.mkstemp(prefix=".keys-", dir=file.parent)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(_FIRST_LINES + "".join(f"{key}\n" for key in keys))
        opened.flush()
        os.fsync(opened.fileno())
    return draft


def _refuse_tracked(file: Path) -> None:
    if not any((folder / ".git").exists() for folder in file.parents):
        return
    try:
        tracked = subprocess.run(  # noqa: S603 (our own arguments)
            ("git", "-C", str(file.parent), "ls-files", "--error-unmatch", file.name),  # noqa: S607
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        return
    if tracked.returncode == 0:
        raise SettingsError(
            f"git tracks {file}: whoever reads the repository can forge your links",
            f"git rm --cached {file}, commit, and put a new key above the old one",
        )
