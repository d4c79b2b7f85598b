"""The threads of one process that sends, and what its own thread does until it ends."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy import select

from newsletter import issues
from newsletter.app import App
from newsletter.dispatcher import Announce
from newsletter.dispatcher.scribe import Scribe
from newsletter.issues import Progress
from newsletter.models import Issue, IssueState
from newsletter.pace import ask_the_day_again
from newsletter.worker.behind import hold_what_is_behind
from newsletter.worker.lookout import Lookout, Rehearse
from newsletter.worker.memory import share_one_heap
from newsletter.worker.outage import PATIENCE_SECONDS, Outage
from newsletter.worker.seen import BEAT_SECONDS, beat, leave
from newsletter.worker.tick import Round, idle
from subscribers.database import AWAY, now

LOOK_SECONDS = 0.2
RENEW_SECONDS = 20.0
LOOKOUT_SECONDS = 1.0

OnProgress = Callable[[int, Progress], None]


class Watch:
    """Tells how far the issues are that are being sent, and once more when they end."""

    def __init__(self, app: App, tell: OnProgress | None) -> None:
        self._app = app
        self._tell = tell
        self._watched: set[int] = set()

    def look(self, *, last: bool = False) -> None:
        """Tell the progress of every issue that is sent or was at the last look."""
        if self._tell is None:
            return
        with self._app.database.read() as session:
            sending = set(
                session.scalars(select(Issue.id).where(Issue.state == IssueState.SENDING))
            )
            seen = sorted(self._watched | sending)
            figures = [
                (number, issues.progress(session, session.get_one(Issue, number)))
                for number in seen
            ]
        self._watched = set() if last else sending
        for number, progress in figures:
            self._tell(number, progress)


class Crew:
    """One thread sends letters and one looks out; the runner adds who sends issues.

    The caller's own thread keeps leases and says that this process is alive, and does what the
    runner wants done at each look.
    """

    def __init__(
        self,
        app: App,
        name: str,
        lanes: int,
        stop: threading.Event,
        *,
        until_idle: bool = False,
        announce: Announce | None = None,
        rehearse: Rehearse | None = None,
        on_outage: Callable[[str], None] | None = None,
    ) -> None:
        """Take how many send issues at once, each with what `lanes` holds for it."""
        self._app = app
        self._name = name
        self._asked = stop
        self._until_idle = until_idle
        self.outage = Outage(patience=PATIENCE_SECONDS if until_idle else None, tell=on_outage)
        self.ended = threading.Event()
        self._died: list[BaseException] = []
        scribe = Scribe(app.database)
        self.house, *others = (
            Round(app, name=f"{name}.{number}", scribe=scribe, announce=announce)
            for number in range(lanes + 1)
        )
        self.lanes: Sequence[Round] = others
        self._lookout = Lookout(app, rehearse=rehearse)
        self._threads: list[threading.Thread] = []
        self.look_again(self.house.letters.send_some, self.house.close, LOOK_SECONDS)
        self.look_again(self._lookout.look, _nothing, LOOKOUT_SECONDS)

    @property
    def is_over(self) -> bool:
        """Whether nothing new may be begun: somebody asked for the end, or a thread died."""
        return self._asked.is_set() or self.ended.is_set()

    def look_again(
        self, work: Callable[[], bool], close: Callable[[], None], patience: float
    ) -> None:
        """Add a thread that works until the end; what looks in vain waits `patience` seconds."""

        def keep_at() -> None:
            try:
                while not self.is_over:
                    if not self.bear(work):
                        self.ended.wait(patience)
            finally:
                close()

        self.add(keep_at)

    def add(self, work: Callable[[], None]) -> None:
        """Add a thread; what it dies of ends the process."""

        def watched() -> None:
            try:
                work()
            except BaseException as error:
                self.die(error)

        self._threads.append(threading.Thread(target=watched))

    def bear(self, work: Callable[[], bool]) -> bool:
        """Work once; False while the database is away, which is borne (`Outage`)."""
        try:
            done = work()
            self.outage.over()
        except AWAY as error:
            self.outage.bear(error)
            return False
        return done

    def die(self, error: BaseException) -> None:
        """End the process with this error after the calls in flight."""
        self._died.append(error)
        self.ended.set()

    def work(
        self, watch: Watch, *, first: Callable[[], object], each_look: Callable[[], object]
    ) -> None:
        """Do what comes first, start the threads, and look until stopped, idle, or one died.

        Raises what a thread died of.
        """
        hold_what_is_behind(self._app, now())
        with self._app.database.begin() as session:
            ask_the_day_again(session)
        self._beat()
        first()
        share_one_heap()
        for thread in self._threads:
            thread.start()
        try:
            self._until_over(watch, each_look)
        finally:
            self.ended.set()
            self._join()
            with suppress(*AWAY):
                self._lookout.look()
            with suppress(*AWAY), self._app.database.begin() as session:
                leave(session, self._name)
        if self._died:
            raise self._died[0]
        watch.look(last=True)

    def _until_over(self, watch: Watch, each_look: Callable[[], object]) -> None:
        self._beaten = self._renewed = time.monotonic()
        while not self.is_over:
            try:
                self._stay_alive()
                each_look()
                watch.look()
                if self._until_idle and is_idle(self._app):
                    return
                self.outage.over()
            except AWAY as error:
                self.outage.bear(error)
            self._asked.wait(LOOK_SECONDS)

    def _stay_alive(self) -> None:
        clock = time.monotonic()
        if clock - self._renewed > RENEW_SECONDS:
            self._renew()
            self._renewed = clock
        if clock - self._beaten > BEAT_SECONDS:
            self._beat()
            self._beaten = clock

    def _join(self) -> None:
        # A call in flight may be long: its lease is kept until it ends.
        for thread in self._threads:
            while thread.is_alive():
                thread.join(RENEW_SECONDS)
                if thread.is_alive():
                    with suppress(*AWAY):
                        self._renew()

    def _beat(self) -> None:
        with self._app.database.begin() as session:
            beat(session, self._name, now())

    def _renew(self) -> None:
        for lane in self.lanes:
            lane.sender.renew()
        self.house.letters.renew()


def is_idle(app: App) -> bool:
    """Return whether nothing is pending, sending or due."""
    with app.database.read() as session:
        return idle(session, now())


def _nothing() -> None:
    """Nothing is kept open between two looks."""
