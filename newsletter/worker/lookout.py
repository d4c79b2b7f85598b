"""What asks the outside between two rounds, and must not hold up the house: live, rehearsals, alerts."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update

from newsletter import events, letters
from newsletter.app import App
from newsletter.errors import InboxAway, ProviderError, SettingsError
from newsletter.fetch import Network, post
from newsletter.issues.telling import tell
from newsletter.models import Issue, IssueState
from newsletter.providers import return_path_of
from newsletter.providers.sendgrid_lists import Keeper
from newsletter.worker.alerts import tell_what_happened
from newsletter.worker.live import look_whether_live
from subscribers.database import now as system_clock

# The day before, and not in the last minutes of what is sent soon anyway.
REHEARSED_BEFORE = (timedelta(minutes=10), timedelta(hours=24))
Rehearse = Callable[[App, Issue, datetime], None]
HEART_EVERY = timedelta(minutes=5)
LETTERS_EVERY = REHEARSED_EVERY = INBOX_EVERY = LISTS_EVERY = timedelta(minutes=1)
# An inbox of years is read in turn with everything else that is looked at here.
MOST_MAILS = 300
LISTS_AGAIN = timedelta(hours=6)
AGENT = "Broadsheet (a worker is alive)"


class Lookout:
    """Looks out of the house; for one thread, which keeps when it last did what."""

    def __init__(
        self,
        app: App,
        *,
        rehearse: Rehearse | None = None,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        """Take what tries an issue the day before it goes; None: nobody does, here."""
        self._app = app
        self._rehearse = rehearse
        self._clock = clock
        self._last: dict[str, datetime] = {}
        url = app.settings.inbox_url.get_secret_value()
        self._postbox = events.Postbox(url, return_path_of(app.settings)) if url else None

    def look(self) -> bool:
        """Look at everything once, and return whether there was anything."""
        now = self._clock()
        if self._is_time("letters", LETTERS_EVERY, now):
            self._letters(now)
        if self._app.settings.heartbeat_url and self._is_time("heart", HEART_EVERY, now):
            self._beat()
        if self._rehearse is not None and self._is_time("rehearsal", REHEARSED_EVERY, now):
            self._rehearse_due(self._rehearse, now)
        if self._postbox is not None and self._is_time("inbox", INBOX_EVERY, now):
            self._look_through(self._postbox, now)
        keeper = self._app.keeper
        if keeper is not None and self._is_time("suppressions", LISTS_EVERY, now):
            self._exchange(keeper, now)
        return bool(look_whether_live(self._app, now) + tell_what_happened(self._app, now))

    def _is_time(self, what: str, every: timedelta, now: datetime) -> bool:
        last = self._last.get(what)
        if last is not None and now - last < every:
            return False
        self._last[what] = now
        return True

    def _letters(self, now: datetime) -> None:
        with self._app.database.read() as session:
            stuck = letters.stuck(session, now)
        if stuck:
            with self._app.database.begin() as session:
                tell(session, "letters", title="Letters do not go out", text=stuck, now=now)

    def _look_through(self, postbox: events.Postbox, now: datetime) -> None:
        try:
            postbox.look(self._app.database, self._app.links, now=now, most=MOST_MAILS)
        except (InboxAway, SettingsError) as error:
            text = f"{error}\nUntil it can be read, nobody here hears of bounces by mail."
            with self._app.database.begin() as session:
                tell(session, "inbox", title="The inbox of bounces is away", text=text, now=now)

    def _exchange(self, keeper: Keeper, now: datetime) -> None:
        """Tell the provider who came back, and hear from it, once a day, whom it mails no more."""
        database = self._app.database
        try:
            events.let_in(database, keeper, now=now)
            events.read_lists(database, keeper, now=now)
        except ProviderError as error:
            self._last["suppressions"] = now + LISTS_AGAIN
            text = f"{error}\nUntil then it may drop mails to people who came back. {error.mend}"
            with database.begin() as session:
                tell(session, "lists", title="The provider's suppressions", text=text, now=now)

    def _rehearse_due(self, rehearse: Rehearse, now: datetime) -> None:
        soonest, latest = REHEARSED_BEFORE
        due = and_(
            Issue.state == IssueState.SCHEDULED,
            Issue.rehearsed_at.is_(None),
            Issue.scheduled_at > now + soonest,
            Issue.scheduled_at <= now + latest,
        )
        with self._app.database.read() as session:
            numbers = session.scalars(select(Issue.id).where(due)).all()
        for number in numbers:
            with self._app.database.begin() as session:
                # Written down first: two workers do not rehearse the same.
                mine = session.scalar(
                    update(Issue)
                    .where(Issue.id == number, due)
                    .values(rehearsed_at=now)
                    .returning(Issue.id)
                    .execution_options(synchronize_session=False)
                )
                issue = session.get_one(Issue, number)
            if mine is not None:
                rehearse(self._app, issue, now)

    def _beat(self) -> None:
        """Say that somebody is there who will send what is scheduled; silence is for others to hear."""
        pending = (IssueState.SCHEDULED, IssueState.SENDING)
        with self._app.database.read() as session:
            if session.scalar(select(Issue.id).where(Issue.state.in_(pending)).limit(1)) is None:
                return
        url = self._app.settings.heartbeat_url.get_secret_value()
        post(url, b"", {}, Network(may_reach=lambda _: True, agent=AGENT))
