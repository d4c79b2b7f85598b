"""The worker of many machines: jobs on the same PostgreSQL wake it. The only module that knows Procrastinate.

A job stands for one batch that may go, and says only that: which batch goes next is the claim's
choice, as on one machine. So a job may run never, once or five times (ENGINE §1).
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import LifoQueue
from typing import Any

from procrastinate import App as Engine
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from psycopg import AsyncConnection
from psycopg_pool import PoolTimeout
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from newsletter import jobs
from newsletter.app import App
from newsletter.dispatcher.sender import process_name
from newsletter.errors import SettingsError
from newsletter.models import Batch, BatchState, Issue, IssueState
from newsletter.worker.crew import Crew, OnProgress, Watch
from newsletter.worker.lookout import Rehearse
from newsletter.worker.tick import Round
from subscribers.database import AWAY
from subscribers.engines import BOUND

# The sixth field is of seconds.
EVERY_TWO_SECONDS = "* * * * * */2"
HOUSE = f"{jobs.QUEUE}-house"
POLL_SECONDS = 1.0
LOOK_SECONDS = 0.3
# A lane that waits for the turn of its batch lets another job have it after so long.
PATIENCE_SECONDS = 10.0
AGAIN_SECONDS = 1.0
# Of the engine's own, beside one that listens: jobs fetched and ended, heartbeats.
CONNECTIONS = 3


def run(
    app: App,
    *,
    until_idle: bool = False,
    threads: int | None = None,
    stop: threading.Event | None = None,
    on_progress: OnProgress | None = None,
    rehearse: Rehearse | None = None,
    on_outage: Callable[[str], None] | None = None,
) -> None:
    """Send as one of many workers until told to stop, or until nothing is pending, sending or due.

    As `local.run`; whoever is asked to stop claims nothing more and ends what is in flight. Raises
    SettingsError on SQLite, and while the tables of jobs are missing or older than the library.
    """
    _require_jobs(app)
    stop = stop or threading.Event()
    crew = Crew(
        app,
        process_name(),
        threads or app.provider.lanes,
        stop,
        until_idle=until_idle,
        announce=jobs.enqueue,
        rehearse=rehearse,
        on_outage=on_outage,
    )
    crew.add(_Lanes(app, crew).run)
    crew.work(Watch(app, on_progress), first=_nothing, each_look=_nothing)


def _require_jobs(app: App) -> None:
    if app.database.is_sqlite:
        raise SettingsError(
            "a fleet needs PostgreSQL: with SQLite one process sends",
            "set DATABASE_URL to postgresql+psycopg://…, or run newsletter worker without --fleet",
        )
    with app.database.read() as session:
        connection = session.connection()
        at = jobs.version(connection) if jobs.are_there(connection) else None
    if at is None:
        raise SettingsError("the tables of the fleet's jobs are missing", "newsletter db upgrade")
    # Empty: somebody else made them and sees to them.
    if at and at < (jobs.newest() or ""):
        raise SettingsError("the tables of the fleet's jobs are old", "newsletter db upgrade")


class _Lanes:
    """Runs jobs in threads, and the round of the house whenever nobody else does it."""

    def __init__(self, app: App, crew: Crew) -> None:
        self._app = app
        self._crew = crew
        # The one used last has its issue compiled.
        self._free: LifoQueue[Round] = LifoQueue()
        for lane in crew.lanes:
            self._free.put(lane)

    def run(self) -> None:
        """Run jobs until the crew ends."""
        # What they have to say is said by what they raise; else it would stand on the terminal.
        for name in ("procrastinate", "psycopg"):
            logging.getLogger(name).addHandler(logging.NullHandler())
        try:
            asyncio.run(self._run())
        finally:
            for lane in self._crew.lanes:
                lane.close()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        # A job that could not be ended in its table is nobody's loss, and nothing to be read.
        loop.set_exception_handler(lambda *_: None)
        threads = ThreadPoolExecutor(len(self._crew.lanes) + 2, thread_name_prefix="lane")
        loop.set_default_executor(threads)
        ended = asyncio.ensure_future(asyncio.to_thread(self._crew.ended.wait))
        while not ended.done():
            try:
                await self._work_until(ended)
            except (ConnectorException, PoolTimeout, *AWAY) as error:
                self._crew.outage.bear(error)
                await asyncio.wait([ended], timeout=AGAIN_SECONDS)
        await ended

    async def _work_until(self, ended: asyncio.Future[Any]) -> None:
        """Work with one set of connections until the end, or until one is lost."""
        arguments = self._app.database.driver_arguments()
        # Behind a pooler nobody is woken, and jobs are found when they are looked for.
        listens = not self._app.database.is_pooled
        connector = PsycopgConnector(
            kwargs=arguments,
            min_size=1,
            max_size=CONNECTIONS,
            configure=_bounded if listens else None,
        )
        mail, house = Engine(connector=connector), Engine(connector=connector)
        mail.task(name=jobs.TASK, queue=jobs.QUEUE)(self._deliver_batch)
        tick = house.task(name="newsletter.tick", queue=HOUSE, queueing_lock="tick")(self._tick)
        house.periodic(cron=EVERY_TWO_SECONDS)(tick)
        async with mail.open_async():
            # Two: a round of the house never waits for a lane.
            workers = [
                _worker(mail, jobs.QUEUE, concurrency=len(self._crew.lanes), listens=listens),
                _worker(house, HOUSE, concurrency=1, listens=False),
            ]
            running = [asyncio.create_task(worker.run()) for worker in workers]
            await asyncio.wait([ended, *running], return_when=asyncio.FIRST_COMPLETED)
            for worker in workers:
                # It lets what it has begun come to its end. A cancellation may be lost on the way:
                # whoever waits for a connection as it comes takes the connection instead.
                worker.stop()
            for done in await asyncio.gather(*running, return_exceptions=True):
                if isinstance(done, Exception):
                    raise done

    def _deliver_batch(self, issue_id: int, batch_no: int) -> None:
        """Send the next batch that may go; wait a while when it is not yet this one's turn."""
        end = time.monotonic() + PATIENCE_SECONDS
        with self._deadly(), self._a_lane() as lane:
            while not self._crew.is_over and time.monotonic() < end:
                if self._crew.bear(lane.sender.send_one):
                    return
                if not self._crew.bear(lambda: self._may_go(issue_id, batch_no)):
                    return
                self._crew.ended.wait(LOOK_SECONDS)

    def _tick(self, timestamp: int) -> None:
        """Do one round of the house for the whole fleet, and write the jobs that are missing."""

        def round_of_the_house() -> bool:
            self._crew.house.keep_house()
            # Another wrote the same jobs at the same instant: the next round sees them.
            with suppress(IntegrityError), self._app.database.begin() as session:
                jobs.forget_orphans(session)
                jobs.enqueue(session)
            return True

        with self._deadly():
            if not self._crew.is_over:
                self._crew.bear(round_of_the_house)

    @contextmanager
    def _a_lane(self) -> Iterator[Round]:
        lane = self._free.get()
        try:
            yield lane
        finally:
            self._free.put(lane)

    @contextmanager
    def _deadly(self) -> Iterator[None]:
        """End the process with what goes wrong here: the engine would only take it down."""
        try:
            yield
        except BaseException as error:
            self._crew.die(error)

    def _may_go(self, issue_id: int, batch_no: int) -> bool:
        """Return whether a batch is pending still, and only its turn is waited for."""
        with self._app.database.read() as session:
            found = session.scalar(
                select(Batch.batch_no)
                .join(Issue, Issue.id == Batch.issue_id)
                .where(
                    Batch.issue_id == issue_id,
                    Batch.batch_no == batch_no,
                    Batch.state == BatchState.PENDING,
                    Batch.not_before.is_(None),
                    Batch.wave <= Issue.wave,
                    Issue.state == IssueState.SENDING,
                )
            )
            return found is not None


async def _bounded(connection: AsyncConnection) -> None:
    """Let PostgreSQL end what sleeps inside a transaction, as everywhere in the house."""
    await connection.execute(BOUND.format(is_local=False).encode())
    if not connection.autocommit:
        await connection.commit()


def _worker(engine: Engine, queue: str, *, concurrency: int, listens: bool) -> Worker:
    return Worker(
        engine,
        queues=[queue],
        concurrency=concurrency,
        # A job is done with when it ran: what is left to do stands in the ledger.
        delete_jobs="always",
        fetch_job_polling_interval=POLL_SECONDS,
        listen_notify=listens,
        install_signal_handlers=False,
    )


def _nothing() -> None:
    """The house is kept by jobs."""
