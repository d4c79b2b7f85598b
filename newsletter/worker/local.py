"""The worker of one machine: threads in this process; on SQLite one process sends, others follow."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import select

from newsletter import issues
from newsletter.app import App
from newsletter.app.file_lock import FileLock
from newsletter.app.key_file import private_folder
from newsletter.dispatcher.scribe import Scribe
from newsletter.dispatcher.sender import process_name
from newsletter.issues import Progress
from newsletter.models import Issue, IssueState
from newsletter.worker.behind import hold_what_is_behind
from newsletter.worker.lookout import Lookout, Rehearse
from newsletter.worker.outage import PATIENCE_SECONDS, Outage
from newsletter.worker.seen import BEAT_SECONDS, beat, leave
from newsletter.worker.tick import Round, idle
from subscribers.database import AWAY, now

LOOK_SECONDS = 0.2
RENEW_SECONDS = 20.0
LOOKOUT_SECONDS = 1.0

OnProgress = Callable[[int, Progress], None]


def run(
    app: App,
    *,
    until_idle: bool = False,
    threads: int | None = None,
    stop: threading.Event | None = None,
    on_progress: OnProgress | None = None,
    on_follow: Callable[[str], None] | None = None,
    rehearse: Rehearse | None = None,
    on_outage: Callable[[str], None] | None = None,
) -> None:
    """Send until told to stop, or until nothing is pending, sending or due.

    `threads`: how many send issues at once; as many as the provider has lanes unless told.
    `stop` ends it after the calls in flight. `on_progress(issue id, progress)` is called from
    this thread while issues are sent, and once more when they no longer are. Where another
    process holds the lock of a SQLite database, `on_follow(its name)` is called once, the rows
    are followed, and this process takes over when the other ends. `rehearse(app, issue, moment)`
    is called on the day before an issue goes. While the database is away it
    waits, told once by `on_outage`; with `until_idle` for a minute, and then raises what the
    database said. Raises SettingsError while a key is lost, and what a thread died of.
    """
    stop = stop or threading.Event()
    name = process_name()
    watch = _Watch(app, on_progress)
    lock = _lock_of(app)
    if lock is not None and not lock.acquire(name):
        if on_follow:
            on_follow(lock.holder())
        while not lock.acquire(name):
            watch.look()
            if stop.wait(LOOK_SECONDS) or (until_idle and _idle(app)):
                return
    try:
        lanes = threads or app.provider.lanes
        outage = Outage(patience=PATIENCE_SECONDS if until_idle else None, tell=on_outage)
        lookout = Lookout(app, rehearse=rehearse)
        crew = _Crew(app, name, lanes, stop, lookout=lookout, outage=outage, alone=lock is not None)
        crew.work(watch, until_idle=until_idle)
        watch.look(last=True)
    finally:
        if lock is not None:
            lock.release()


def _lock_of(app: App) -> FileLock | None:
    file = app.settings.database_file
    if file is None:
        return None
    return FileLock(private_folder(app.settings.state_folder) / f"{file.name}.worker.lock")


def _idle(app: App) -> bool:
    with app.database.read() as session:
        return idle(session, now())


class _Watch:
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


class _Crew:
    """The threads of one process: some send issues, one sends letters, the caller's keeps house."""

    def __init__(
        self,
        app: App,
        name: str,
        threads: int,
        stop: threading.Event,
        *,
        lookout: Lookout,
        outage: Outage,
        alone: bool,
    ) -> None:
        self._app = app
        self._name = name
        self._asked = stop
        self._outage = outage
        self._ended = threading.Event()
        self._died: list[BaseException] = []
        self._alone = alone
        self._lookout = lookout
        scribe = Scribe(app.database)
        self._rounds = [
            Round(app, name=f"{name}.{number}", scribe=scribe) for number in range(threads + 1)
        ]

    def work(self, watch: _Watch, *, until_idle: bool) -> None:
        """Keep house in this thread until stopped, idle, or a thread died."""
        house, *others = self._rounds
        hold_what_is_behind(self._app, now())
        self._beat()
        # Whoever held the lock before is dead: what it left need not wait for its lease.
        house.keep_house(orphaned=self._alone)
        crew = [
            threading.Thread(
                target=self._keep_at, args=(house.letters.send_some, house.close, LOOK_SECONDS)
            )
        ]
        crew += [
            threading.Thread(
                target=self._keep_at,
                args=(one.sender.send_one, one.close, LOOK_SECONDS * number),
            )
            for number, one in enumerate(others, 1)
        ]
        crew.append(
            threading.Thread(
                target=self._keep_at, args=(self._lookout.look, _nothing, LOOKOUT_SECONDS)
            )
        )
        for thread in crew:
            thread.start()
        try:
            self._keep_house(house, watch, until_idle=until_idle)
        finally:
            self._ended.set()
            self._join(crew)
            with suppress(*AWAY):
                self._lookout.look()
            with suppress(*AWAY), self._app.database.begin() as session:
                leave(session, self._name)
        if self._died:
            raise self._died[0]

    def _keep_house(self, house: Round, watch: _Watch, *, until_idle: bool) -> None:
        self._beaten = self._renewed = time.monotonic()
        while not (self._asked.is_set() or self._ended.is_set()):
            try:
                self._look_round(house)
                watch.look()
                if until_idle and _idle(self._app):
                    return
                self._outage.over()
            except AWAY as error:
                self._outage.bear(error)
            self._asked.wait(LOOK_SECONDS)

    def _look_round(self, house: Round) -> None:
        clock = time.monotonic()
        if clock - self._renewed > RENEW_SECONDS:
            self._renew()
            self._renewed = clock
        if clock - self._beaten > BEAT_SECONDS:
            self._beat()
            self._beaten = clock
        house.keep_house(alone=self._alone)

    def _join(self, crew: list[threading.Thread]) -> None:
        # A call in flight may be long: its lease is kept until it ends.
        for thread in crew:
            while thread.is_alive():
                thread.join(RENEW_SECONDS)
                if thread.is_alive():
                    with suppress(*AWAY):
                        self._renew()

    def _beat(self) -> None:
        with self._app.database.begin() as session:
            beat(session, self._name, now())

    def _renew(self) -> None:
        for one in self._rounds:
            one.sender.renew()

    def _keep_at(
        self, work: Callable[[], bool], close: Callable[[], None], patience: float
    ) -> None:
        """Work until it ends; what looks in vain looks again after `patience` seconds.

        Each has another patience, so that many together look about as often as one would.
        """
        try:
            while not (self._asked.is_set() or self._ended.is_set()):
                try:
                    is_done = not work()
                    self._outage.over()
                except AWAY as error:
                    self._outage.bear(error)
                    is_done = True
                if is_done:
                    self._ended.wait(patience)
        except BaseException as error:
            self._died.append(error)
            self._ended.set()
        finally:
            close()


def _nothing() -> None:
    """Nothing is kept open between two looks."""
