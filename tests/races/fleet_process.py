"""A worker of a fleet: `python fleet_process.py URL FOLDER PORT HOW [SIGNAL AT]`.

HOW is `stepwise` or `whole`. Before its first mail it knocks at PORT of this machine and waits to
be let in, so that all are at it when one of them goes. With SIGNAL it sends that to itself the
moment its receiver has the mail of number AT in its book, before any answer.
"""

import os
import signal
import socket
import sys
import threading
from pathlib import Path

from newsletter.app import build
from newsletter.cli.running import stop_on_signal
from newsletter.message import Envelope, SendResult
from newsletter.worker.fleet import run
from tests.newsletter.house import settings_for
from tests.newsletter.receiver import SUBMITTED, Receiver

LANES = 2
BATCH = 50


class Mortal(Receiver):
    """A receiver whose process gets a signal at a mail."""

    def __init__(self, book: Path, *, stepwise: bool, port: int, name: str, at: int) -> None:
        super().__init__(book, stepwise=stepwise, answer=self._let_in)
        self._door = threading.Lock()
        self._port, self._name, self._at = port, name, at
        self._seen = 0

    def _let_in(self, envelope: Envelope) -> SendResult:
        with self._door:
            if self._port:
                with socket.create_connection(("127.0.0.1", self._port)) as knock:
                    knock.recv(1)
                self._port = 0
        return SUBMITTED

    def accepted(self, envelope: Envelope) -> None:
        """Write one mail into the book, and do what was told at this one."""
        super().accepted(envelope)
        with self._door:
            self._seen += 1
            if self._seen == self._at:
                os.kill(os.getpid(), signal.Signals[self._name])


def main(url: str, folder: str, port: str, how: str, name: str = "", at: str = "0") -> None:
    receiver = Mortal(
        Path(folder) / "book", stepwise=how == "stepwise", port=int(port), name=name, at=int(at)
    )
    stop = stop_on_signal()
    app = build(settings_for(url, Path(folder), batch_size=BATCH), choose=lambda _: receiver)
    run(app, until_idle=True, threads=LANES, stop=stop)
    app.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
