"""One round of a worker: sweep, wake, start, letters first, then one batch."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from newsletter import dispatcher, events, issues, letters, reports
from newsletter.app import App
from newsletter.dispatcher import Announce
from newsletter.dispatcher.scribe import Scribe
from newsletter.dispatcher.sender import WHO, Sender, process_name
from newsletter.letters import LetterSender
from newsletter.models import Batch, BatchState, HoldReason, Issue, IssueState
from newsletter.worker.lookout import Lookout
from subscribers import store
from subscribers.database import now as system_clock

PATIENCE = timedelta(minutes=15)


class Round:
    """What one thread keeps between two rounds: its name, and what it has compiled."""

    def __init__(
        self,
        app: App,
        *,
        name: str = "",
        scribe: Scribe | None = None,
        announce: Announce | None = None,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        """Refuse with SettingsError while the ring lacks a key that signed here.

        `announce` is called in each transaction that freezes an issue.
        """
        app.require_keys()
        self._app = app
        self._announce = announce
        self._clock = clock
        self._forgot_at: datetime | None = None
        self._watched_at: datetime | None = None
        name = name or process_name()
        self.lookout = Lookout(app, clock=clock)
        self.sender = Sender(
            app.database,
            app.links,
            app.provider,
            name=name,
            scribe=scribe,
            limits=app.limits,
            mark=app.mark,
            clock=clock,
        )
        self.letters = LetterSender(
            app.database,
            app.links,
            app.provider,
            name=name,
            limits=app.limits,
            clock=clock,
        )

    def tick(self) -> bool:
        """Do one round and return whether anything was done."""
        looked = self.lookout.look()
        kept = self.keep_house()
        # Letters first, all of them: a person waits for each.
        wrote = False
        while self.letters.send_some():
            wrote = True
        sent = self.sender.send_one()
        return looked or kept or wrote or sent

    def keep_house(self, *, orphaned: bool = False, alone: bool = False) -> bool:
        """Sweep up after the dead, read what was reported, wake what was held, start what is due.

        `alone`: nobody else may send, so that nobody else can have died; a clock that jumps then
        takes no batch away from whoever is sending it. `orphaned`: see `dispatcher.sweep`.
        """
        database, now = self._app.database, self._clock()
        swept = 0
        if orphaned or not alone:
            swept += dispatcher.sweep(database, who=WHO, now=now, orphaned=orphaned)
            swept += letters.sweep(database, now=now, orphaned=orphaned)
        resumed = dispatcher.resume_due(database, who=WHO, now=now)
        started = dispatcher.start_due(
            database,
            size=self._app.settings.batch_size,
            limits=self._app.limits,
            stepwise=bool(self._app.provider.at_once),
            hears=self._app.hears,
            announce=self._announce,
            who=WHO,
            now=now,
        )
        read = events.catch_up(database, self._app.links, now=now)
        return any((swept, read, resumed, started, self._watch(now), self._forget(now)))

    def _watch(self, now: datetime) -> int:
        if self._watched_at is not None and now - self._watched_at < dispatcher.WATCH_EVERY:
            return 0
        self._watched_at = now
        again = events.prove_by_earlier(self._app.database, now=now)
        if self._app.settings.in_doubt == "resend":
            again += dispatcher.resend_silent(self._app.database, who=WHO, now=now)
        return again + dispatcher.watch(self._app.database, hears=self._app.hears, who=WHO, now=now)

    def _forget(self, now: datetime) -> int:
        if self._forgot_at is not None and now - self._forgot_at < letters.EVERY:
            return 0
        self._forgot_at = now
        with self._app.database.begin() as session:
            store.forget_old_changes(session, now)
        reports.roll_up(self._app.database, now=now)
        issues.pack_closed(self._app.database, now=now)
        return letters.forget_unanswered(self._app.database, now=now)

    def close(self) -> None:
        """Let go of connections."""
        self.sender.close()
        self.letters.close()


def tick(app: App) -> bool:
    """Do one round of work and return whether anything was done."""
    one = Round(app)
    try:
        return one.tick()
    finally:
        one.close()


def idle(session: Session, now: datetime) -> bool:
    """Return whether nothing is pending, sending or due; what is paused waits for others.

    A site is often published in the same minutes as its issue: one that cannot be read yet is
    waited for, as long as PATIENCE.
    """
    open_batch = (
        select(Batch.batch_no)
        .join(Issue, Issue.id == Batch.issue_id)
        .where(
            (Batch.state == BatchState.SENDING)
            | ((Batch.state == BatchState.PENDING) & (Issue.state == IssueState.SENDING))
        )
        .limit(1)
    )
    not_live = and_(
        Issue.state == IssueState.PAUSED,
        Issue.hold_reason == HoldReason.NOT_LIVE,
        Issue.scheduled_at > now - PATIENCE,
    )
    due_issue = (
        select(Issue.id)
        .where(or_(and_(Issue.state == IssueState.SCHEDULED, Issue.scheduled_at <= now), not_live))
        .limit(1)
    )
    return (
        session.scalar(open_batch) is None
        and session.scalar(due_issue) is None
        and not letters.waiting(session, now)
    )
