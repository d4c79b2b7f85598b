"""Where the links of an issue lead: from its rows alone, so nobody can be sent elsewhere (S-7)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit, urlunsplit

import idna
from sqlalchemy import select

from newsletter.issues import counting_of, links_of
from newsletter.links import Links
from newsletter.message import Link
from newsletter.models import Issue
from newsletter.tracking import Counting, is_counted, tagged
from subscribers.database import AWAY, Database

# A link that was given another target leads there after so many seconds, in every process.
FRESH_SECONDS = 20.0
MOST_ISSUES = 500
_SAFE = ":/%#?=@[]!$&'()*+,;~"


@dataclass(frozen=True, slots=True)
class Counted:
    """What an issue counts: the target of each counted link as a header may hold it, and opens.

    `began` is when it started, in Unix milliseconds; `until` when to look again.
    """

    targets: Mapping[int, str]
    opens: bool
    began: int
    until: float


NOTHING: Mapping[int, str] = {}


class Targets:
    """The targets of issues, kept in memory for some seconds; for the threads of one process."""

    def __init__(self, database: Database, links: Links) -> None:
        self._database = database
        self._links = links
        self._issues: dict[int, Counted] = {}

    def at_hand(self, issue_id: int) -> Counted | None:
        """Return what is known of an issue without asking the database, or None."""
        found = self._issues.get(issue_id)
        return found if found is not None and found.until > time.monotonic() else None

    def find(self, issue_id: int) -> Counted:
        """Return what an issue counts; nothing for an issue that is not there.

        While the database is away, what was known last holds.
        """
        found = self.at_hand(issue_id)
        if found is not None:
            return found
        until = time.monotonic() + FRESH_SECONDS
        try:
            found = self._asked(issue_id, until)
        except AWAY:
            known = self._issues.get(issue_id)
            if known is None:
                raise
            found = replace(known, until=until)
        if len(self._issues) >= MOST_ISSUES:
            self._issues.clear()
        self._issues[issue_id] = found
        return found

    def _asked(self, issue_id: int, until: float) -> Counted:
        with self._database.read() as session:
            issue = session.scalars(select(Issue).where(Issue.id == issue_id)).one_or_none()
        return Counted(NOTHING, False, 0, until) if issue is None else self._counted(issue, until)

    def _counted(self, issue: Issue, until: float) -> Counted:
        how = counting_of(issue, self._links)
        links = links_of(issue) if how.clicks else []
        targets = {link.number: _target(link, how) for link in links if is_counted(link)}
        began = int(issue.started_at.timestamp() * 1000) if issue.started_at else 0
        return Counted(targets, bool(how.opens), began, until)


def _target(link: Link, how: Counting) -> str:
    """Return a link's address as the Location header holds it: ASCII, no space, no new line."""
    url = tagged(link.url, how)
    try:
        parts = urlsplit(url)
        if not parts.netloc.isascii() and parts.hostname:
            host = idna.encode(parts.hostname, uts46=True).decode()
            url = urlunsplit(parts._replace(netloc=parts.netloc.replace(parts.hostname, host)))
    except (ValueError, idna.IDNAError):
        pass  # a browser reads percent signs in a host as well
    return quote(url, safe=_SAFE)
