"""The worker of one machine: threads in this process; on SQLite one process sends, others follow."""

import threading
from collections.abc import Callable

from newsletter.app import App
from newsletter.dispatcher.sender import process_name
from newsletter.worker.crew import LOOK_SECONDS, Crew, OnProgress, Watch, is_idle
from newsletter.worker.lookout import Rehearse
from newsletter.worker.seen import lock_of


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
    watch = Watch(app, on_progress)
    lock = lock_of(app)
    if lock is not None and not lock.acquire(name):
        if on_follow:
            on_follow(lock.holder())
        while not lock.acquire(name):
            watch.look()
            if stop.wait(LOOK_SECONDS) or (until_idle and is_idle(app)):
                return
    try:
        crew = Crew(
            app,
            name,
            threads or app.provider.lanes,
            stop,
            until_idle=until_idle,
            rehearse=rehearse,
            on_outage=on_outage,
        )
        for number, lane in enumerate(crew.lanes, 1):
            # Each has another patience, so that many together look about as often as one would.
            crew.look_again(lane.sender.send_one, lane.close, LOOK_SECONDS * number)
        alone, keep_house = lock is not None, crew.house.keep_house
        crew.work(
            watch,
            # Whoever held the lock before is dead: what it left need not wait for its lease.
            first=lambda: keep_house(orphaned=alone),
            each_look=lambda: keep_house(alone=alone),
        )
    finally:
        if lock is not None:
            lock.release()
