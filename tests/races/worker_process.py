"""A worker process of a race: `python worker_process.py URL FOLDER THREADS HOW [KILL_AT]`.

HOW is `stepwise` or `whole`. With KILL_AT it dies by SIGKILL the moment its receiver has the
mail of that number in its book, before any answer.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from newsletter.app import build
from newsletter.message import Envelope, SendResult
from newsletter.worker.local import run
from tests.newsletter.house import settings_for
from tests.newsletter.receiver import SUBMITTED, Receiver

# Less than a lease: what only its end would mend is a failure here.
WEDGED_SECONDS = 75.0


def main(url: str, folder: str, threads: str, how: str, kill_at: str = "0") -> None:
    receiver = Receiver(Path(folder) / "book", stepwise=how == "stepwise")
    last = int(kill_at)
    seen = 0

    def answer(envelope: Envelope) -> SendResult:
        nonlocal seen
        seen += 1
        if last and seen >= last:
            receiver.accepted(envelope)
            os.kill(os.getpid(), signal.SIGKILL)
        return SUBMITTED

    receiver.answer = answer
    stop = threading.Event()
    watchdog = threading.Timer(WEDGED_SECONDS, stop.set)
    watchdog.daemon = True
    watchdog.start()
    app = build(settings_for(url, Path(folder), batch_size=50), choose=lambda _: receiver)
    run(app, until_idle=True, threads=int(threads), stop=stop)
    app.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
