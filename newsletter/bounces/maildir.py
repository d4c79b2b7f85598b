"""An inbox that is a Maildir on this machine: each mail a file, moved by its name alone."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from newsletter.bounces.mail import LARGEST
from newsletter.errors import InboxAway


class Maildir:
    """A folder with `new` and `cur`; what is done goes into `.<handled>` beside them (Maildir++)."""

    def __init__(self, folder: str, handled: str) -> None:
        """Take the folder; raises InboxAway for one that is no Maildir or may not be read."""
        self._folder = Path(folder)
        self._handled = self._folder / f".{handled.lstrip('.').replace('/', '.')}"
        if not all(os.access(self._folder / part, os.R_OK | os.W_OK) for part in ("new", "cur")):
            raise InboxAway(f"{folder} is no Maildir that we may change", "INBOX_URL names it")

    def names(self) -> list[str]:
        """Return `new/<file>` and `cur/<file>`; a file's name begins with its time."""
        found = [
            f"{part}/{file.name}"
            for part in ("new", "cur")
            for file in (self._folder / part).iterdir()
            if not file.name.startswith(".")
        ]
        return sorted(found, key=lambda name: name.partition("/")[2])

    def read(self, names: Sequence[str]) -> list[tuple[str, bytes]]:
        """Return these mails."""
        read = []
        for name in names:
            try:
                with (self._folder / name).open("rb") as file:
                    read.append((name, file.read(LARGEST)))
            except FileNotFoundError:
                continue
            except OSError as error:
                raise InboxAway(f"a mail of the inbox cannot be read: {error.strerror}") from None
        return read

    def put_away(self, names: Sequence[str]) -> None:
        """Move these mails, seen."""
        try:
            for part in ("tmp", "new", "cur"):
                (self._handled / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._handled / "maildirfolder").touch(mode=0o600)
            for name in names:
                file = name.partition("/")[2]
                seen = file if ":2," in file else f"{file}:2,S"
                with suppress(FileNotFoundError):
                    os.rename(self._folder / name, self._handled / "cur" / seen)
        except OSError as error:
            raise InboxAway(f"a mail of the inbox cannot be moved: {error.strerror}") from None
