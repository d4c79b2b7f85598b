"""The inbox looked through: what is a report is recorded, and put away once that is committed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from newsletter import bounces
from newsletter.bounces import Kind
from newsletter.events.letters import leave_by_letter
from newsletter.events.recording import record
from newsletter.links import Links
from newsletter.providers.return_path import ReturnPath
from subscribers.database import Database

# So many mails are in one transaction, and moved together.
AT_ONCE = 50


@dataclass(slots=True)
class Looked:
    """How many mails of each kind there were; `other` lie where they were, `new` were not known."""

    report: int = 0
    goodbye: int = 0
    automatic: int = 0
    other: int = 0
    new: int = 0

    def count(self, kind: Kind) -> None:
        """Count one mail."""
        setattr(self, kind, getattr(self, kind) + 1)

    @property
    def mails(self) -> int:
        """How many mails were read."""
        return sum(getattr(self, one.name) for one in fields(self) if one.name != "new")


@dataclass(slots=True)
class Postbox:
    """The inbox of INBOX_URL, for one thread; remembers what is for people to read."""

    url: str
    path: ReturnPath | None = None
    _passed: set[str] = field(default_factory=set)

    def look(
        self, database: Database, links: Links, *, now: datetime, most: int | None = None
    ) -> Looked:
        """Read what is new, at `most` so many mails; raises SettingsError and InboxAway.

        A mail is put away after what it says was committed: who dies between the two reads it a
        second time, and finds nothing new. Mails for people are left where they are.
        """
        looked = Looked()
        with bounces.open_inbox(self.url) as inbox:
            there = inbox.names()
            self._passed.intersection_update(there)
            waiting = [name for name in there if name not in self._passed][:most]
            for at in range(0, len(waiting), AT_ONCE):
                mails = inbox.read(waiting[at : at + AT_ONCE])
                done = self._record(database, links, mails, looked, now)
                if done:
                    inbox.put_away(done)
        return looked

    def _record(
        self,
        database: Database,
        links: Links,
        mails: Iterable[tuple[str, bytes]],
        looked: Looked,
        now: datetime,
    ) -> list[str]:
        """Record what these mails say and return the names of those that are done with."""
        done, events, leaving = [], [], []
        for name, raw in mails:
            kind, event, leaves = bounces.read(raw, links, self.path)
            looked.count(kind)
            if event is not None:
                events.append(event)
            if leaves is not None:
                leaving.append(leaves)
            if kind is Kind.OTHER:
                self._passed.add(name)
            else:
                done.append(name)
        if events or leaving:
            with database.begin() as session:
                looked.new += record(session, links, events, now=now)
                looked.new += sum(leave_by_letter(session, one, now=now) for one in leaving)
        return done
