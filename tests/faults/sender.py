"""The process that sends, and is killed for it; forked from one that has everything imported."""

import multiprocessing
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from newsletter.app import App, build
from newsletter.app.key_file import rotate
from newsletter.providers.outbox import Outbox
from newsletter.providers.protocol import Provider
from newsletter.providers.sendgrid import SendGrid
from newsletter.providers.smtp import Smtp
from newsletter.providers.smtp_opening import Timeouts
from newsletter.worker.local import run
from newsletter.worker.tick import Round, idle
from subscribers import store
from subscribers.database import now
from subscribers.evidence import Visit
from tests import forks
from tests.newsletter.house import settings_for

KEY = "SG.of-the-tests"
# No receiver here is slow on purpose: whoever waits longer waits for the dead.
QUICK = Timeouts(connect=5, command=5, data=5, block=5, final=5, goodbye=1)
BATCH = 10
# How long a sender may do nothing, on a machine that others use too; how often it is looked.
STILL_SECONDS, LOOK_SECONDS = 120.0, 5.0


@dataclass(frozen=True, slots=True)
class Way:
    """How a sender is set up: database, folder, provider, the receiver's ports, how many lanes."""

    url: str
    folder: Path
    provider: str
    smtp: int
    http: int
    lanes: int = 1

    @property
    def told(self) -> Path:
        """The file in which a sender says that its database is away."""
        return self.folder.parent / f"told {self.folder.name}"

    def build(self) -> App:
        """Open the house as this process needs it."""
        settings = settings_for(self.url, self.folder, batch_size=BATCH)
        return build(settings, choose=lambda _: self.carrier())

    def carrier(self) -> Provider:
        """Return the provider."""
        if self.provider == "smtp":
            url = f"smtp://127.0.0.1:{self.smtp}?starttls=never"
            return Smtp(url, connections=self.lanes, timeouts=QUICK)
        if self.provider == "outbox":
            return Outbox(self.folder / "outbox")
        host = f"http://127.0.0.1:{self.http}"
        return SendGrid(KEY, host=host, lanes=self.lanes, deadline=5)


def work(way: Way, go: "multiprocessing.synchronize.Event") -> None:
    """Send until nothing is left, once `go` is set."""
    app = way.build()
    go.wait()

    def tell(line: str) -> None:
        # Whoever waits for the file finds the whole line in it.
        draft = way.told.with_name(f"{way.told.name} draft")
        draft.write_text(line)
        draft.replace(way.told)

    run(app, until_idle=True, on_outage=tell)
    app.database.close()


@dataclass(frozen=True, slots=True)
class Life:
    """A house from its opening to its end: an issue goes out, and people leave meanwhile.

    Each leaves when the receiver's log is so long; `answers` is told once that is answered.
    """

    log: Path
    answers: Path
    leavers: Mapping[int, str]

    def __call__(self, way: Way, go: "multiprocessing.synchronize.Event") -> None:
        """Live it."""
        go.wait()
        app = way.build()
        leaving = threading.Thread(target=self._leave, args=(app,))
        leaving.start()
        run(app, until_idle=True)
        leaving.join()
        app.database.close()

    def _leave(self, app: App) -> None:
        patience = threading.Event()
        with self.answers.open("ab", buffering=0) as told:
            for length, who in self.leavers.items():
                while len(self.log.read_bytes().splitlines()) < length:
                    patience.wait(0.01)
                say_goodbye(app, who)
                told.write(who.encode())


@dataclass(frozen=True, slots=True)
class Keys:
    """A house that makes its own keys, and then one more; `answers` is told of each."""

    answers: Path

    def __call__(self, way: Way, go: "multiprocessing.synchronize.Event") -> None:
        """Make them."""
        go.wait()
        settings = settings_for(way.url, way.folder, secret_keys=())
        with self.answers.open("ab", buffering=0) as told:
            app = build(settings)
            told.write(app.links.ring.newest.fingerprint.encode())
            app.database.close()
            told.write(rotate(settings).encode())


def say_goodbye(app: App, who: str) -> None:
    """Let somebody leave the only list."""
    with app.database.begin() as session:
        found = store.find(session, who)
        assert found
        store.unsubscribe(session, 1, found.id, visit=Visit(via="one-click"), now=now())


def work_by(way: Way, clock: Callable[[], datetime]) -> None:
    """Send until nothing is left, by another clock than this machine's."""
    app = way.build()
    one = Round(app, clock=clock)
    one.keep_house(orphaned=app.database.is_sqlite)
    wait = threading.Event()
    while True:
        if not one.tick():
            with app.database.read() as session:
                if idle(session, clock()):
                    break
            wait.wait(0.01)
    one.close()
    app.database.close()


class Hurried:
    """A clock that runs fifty times as fast."""

    def __init__(self) -> None:
        self._begun, self._started = now(), time.monotonic()

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self._begun + timedelta(seconds=(time.monotonic() - self._started) * 50)


class Jumping:
    """A clock that is sometimes an hour or a day ahead or behind."""

    def __init__(self, seed: float) -> None:
        self._dice = random.Random(seed)  # noqa: S311 (no secret)
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Return what it shows."""
        if self._dice.random() < 0.05:
            self._ahead = timedelta(hours=self._dice.choice((-24, -1, 0, 0, 1, 24)))
        return now() + self._ahead


Task = Callable[[Way, "multiprocessing.synchronize.Event"], None]


class Nursery:
    """Starts senders: each is a fork of one process, and so costs little."""

    def __init__(self) -> None:
        self._context = forks.context()

    def start(self, way: Way, *, held: bool = False, task: Task = work) -> "Sender":
        """Start one; `held`: it waits for `Sender.release`."""
        go = self._context.Event()
        if not held:
            go.set()
        process = self._context.Process(target=task, args=(way, go), daemon=True)
        process.start()
        return Sender(process, go)

    def by(self, way: Way, clock: Callable[[], datetime]) -> "Sender":
        """Start one with a clock of its own."""
        process = self._context.Process(target=work_by, args=(way, clock), daemon=True)
        process.start()
        return Sender(process, self._context.Event())


class Sender:
    """A process that sends."""

    def __init__(self, process: BaseProcess, go: "multiprocessing.synchronize.Event") -> None:
        self._process = process
        self._go = go

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def release(self) -> None:
        """Let it begin."""
        self._go.set()

    def end(self, moves: Callable[[], object] = lambda: None) -> int:
        """Wait for its end, and return its exit code: -9 when it was killed.

        It may take as long as it likes while what `moves` returns changes, and two minutes else.
        """
        seen, since = moves(), time.monotonic()
        while self._process.exitcode is None and time.monotonic() - since < STILL_SECONDS:
            self._process.join(LOOK_SECONDS)
            if seen != (seen := moves()):
                since = time.monotonic()
        code = self._process.exitcode
        if code is None:
            self._process.kill()
            self._process.join()
            raise AssertionError(f"a sender that did nothing for {STILL_SECONDS:.0f} s")
        self._process.close()
        return code
