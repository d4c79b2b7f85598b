"""A server for submission: what Postfix, Exim and OpenSMTPD have in common."""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tests.mailservers.room import Room
from tests.ports import greets


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a server listens, and where Dovecot takes mail and passwords."""

    smtp: int
    lmtp: int
    auth: int


class TransferAgent:
    """One server; `accept` takes mail and keeps it, `deliver` takes it on to Dovecot as well.

    Unknown people are refused, and each kind has a limit of its own.
    """

    part = ""
    # Whether it has TLS and wants a login.
    is_secure = True
    users: Sequence[str] = ()
    accepting: Sequence[str] = ()
    delivering: Sequence[str] = ()
    # Where a mail lies that was taken and is not delivered.
    queues: Sequence[str] = ()
    folders: ClassVar[Mapping[str, tuple[str, int]]] = {}

    def __init__(
        self, part: Path, folder: Path, ports: Ports, pem: str, known: Sequence[str]
    ) -> None:
        """Write its configuration; `known` are the addresses there are."""
        self.port = ports.smtp
        files = self.files(ports, pem, known)
        self.room = Room(part, folder, self.users, files, self.folders)

    def files(self, ports: Ports, pem: str, known: Sequence[str]) -> Mapping[str, str]:
        """Return what is to stand in its folder."""
        raise NotImplementedError

    def accept(self) -> None:
        """Start without delivering: nothing that is killed now can deliver a mail twice."""
        self._start(self.accepting)

    def deliver(self) -> None:
        """Start and deliver what lies in the queue."""
        for file in self.mails():
            # Now, and not when Postfix would look again at what it had in its hands: in a minute.
            os.utime(file)
        self._start(self.delivering)

    def wait(self) -> None:
        """Wait until it takes mail; raises TimeoutError, with what it said, when it never does."""
        if not greets(self.port):
            raise TimeoutError(self.room.said[-2000:])

    def _start(self, command: Sequence[str]) -> None:
        self.room.start(*command)
        self.wait()

    @property
    def queued(self) -> int:
        """How many mails lie in the queue."""
        return sum(1 for _ in self.mails())

    def mails(self) -> Iterator[Path]:
        """Return the files in the queue that are mails, and whole."""
        for queue in self.queues:
            # The server moves files and folders about while we look; `walk` minds neither.
            for folder, _, names in os.walk(self.room.folder / "spool" / queue):
                for file in (Path(folder, name) for name in names):
                    with contextlib.suppress(FileNotFoundError):
                        if self.is_mail(file):
                            yield file

    def is_mail(self, file: Path) -> bool:
        """Return whether a file in a queue is a mail, and whole."""
        return file.is_file()
