"""A worker process of a race."""

import os
import signal
import threading
from pathlib import Path

from newsletter.app import build
from newsletter.message import Envelope, SendResult
from newsletter.worker.local import run
from tests.newsletter.house import settings_for
from tests.newsletter.receiver import SUBMITTED, Receiver

# Less than a lease: what only its end would mend is a failure here.
WEDGED_SECONDS = 75.0


def main(url: str, folder: Path, threads: int, how: str, kill_at: int) -> None:
    """Send until nothing is left, to a receiver that goes `stepwise` or takes the `whole` call.

    With `kill_at` it dies by SIGKILL the moment its receiver has the mail of that number in its
    book, before any answer.
    """
    receiver = Receiver(folder / "book", stepwise=how == "stepwise")
    seen = 0

    def answer(envelope: Envelope) -> SendResult:
        nonlocal seen
        seen += 1
        if kill_at and seen >= kill_at:
            receiver.accepted(envelope)
            os.kill(os.getpid(), signal.SIGKILL)
        return SUBMITTED

    receiver.answer = answer
    stop = threading.Event()
    watchdog = threading.Timer(WEDGED_SECONDS, stop.set)
    watchdog.daemon = True
    watchdog.start()
    app = build(settings_for(url, folder, batch_size=50), choose=lambda _: receiver)
    run(app, until_idle=True, threads=threads, stop=stop)
    app.database.close()
