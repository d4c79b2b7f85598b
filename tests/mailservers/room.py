"""Rooms for servers of other people: a mount and a process namespace, in which a package that was
only unpacked looks installed. Nothing of it stays, and with its first process all of it ends.
"""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# Laid over the machine's own files; what a server writes goes into /srv, which is its folder.
MOUNTS = """
set -e
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$PART/usr:/usr" /usr
mount -t overlay overlay -o "lowerdir=$FOLDER/etc:$PART/etc:/etc" /etc
mount --bind "$FOLDER" /srv
mount -t tmpfs tmpfs /run
mount --bind /srv/lib /var/lib
mount --bind /srv/spool /var/spool
exec "$@"
"""
FIRST_ID = 64_001
UNSHARE = ("unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc")


class Room:
    """One server's room: its folder outlives the server, and its next start finds it again."""

    def __init__(
        self,
        part: Path,
        folder: Path,
        users: Sequence[str],
        files: Mapping[str, str],
        folders: Mapping[str, tuple[str, int]],
    ) -> None:
        """Take the unpacked package, users that it expects, and what is to lie in its folder:
        files with their text, and folders with owner and mode.
        """
        self.folder = folder
        self._part = part
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("etc", "lib", "spool"):
            (folder / name).mkdir(parents=True)
        for name in ("passwd", "group"):
            own = [_line(name, user, FIRST_ID + at) for at, user in enumerate(users)]
            known = Path("/etc", name).read_text("utf-8")
            (folder / "etc" / name).write_text(known + "".join(own), encoding="utf-8")
        for path, text in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            file.chmod(0o600 if path.endswith(".pem") else 0o644)
        folder.chmod(0o755)
        for path, (owner, mode) in folders.items():
            (folder / path).mkdir(parents=True)
            (folder / path).chmod(mode)
            number = FIRST_ID + users.index(owner) if owner in users else 0
            os.chown(folder / path, number, number)

    @staticmethod
    def can_be() -> bool:
        """Return whether this user may make rooms on this machine."""
        return os.geteuid() == 0 and not subprocess.call(
            (*UNSHARE, "true"), stderr=subprocess.DEVNULL
        )

    def start(self, *command: str) -> None:
        """Start the server; what it says goes into the file `said` of its folder."""
        with (self.folder / "said").open("ab") as said:
            self._process = subprocess.Popen(
                (*UNSHARE, "sh", "-c", MOUNTS, "sh", *command),
                env=os.environ | {"PART": str(self._part), "FOLDER": str(self.folder)},
                stdout=said,
                stderr=said,
            )

    def kill(self) -> None:
        """End every process of the room at once, by SIGKILL, and wait until all are gone."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        # With the first process of a namespace go the others, and only then is it reaped.
        for first in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(first), signal.SIGKILL)
        process.wait()

    @property
    def said(self) -> str:
        """Everything the server said."""
        return (self.folder / "said").read_text("utf-8", "replace")


def _line(file: str, name: str, number: int) -> str:
    if file == "group":
        return f"{name}:x:{number}:\n"
    return f"{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n"
