"""The issue that a thread sends: compiled once, and its people put into envelopes."""

from dataclasses import replace

from newsletter import issues, tracking
from newsletter.dispatcher.claim import Claimed
from newsletter.envelopes import Envelopes
from newsletter.links import NOBODY, Links, Reading
from newsletter.message import NOTHING_TO_COUNT
from newsletter.models import Issue
from newsletter.providers.protocol import Mailing, Provider
from subscribers.database import Database


class Compiled:
    """Keeps one text of one issue ready for the provider, until another is asked for."""

    def __init__(self, database: Database, links: Links, provider: Provider) -> None:
        """Take where issues are, what makes their links, and who carries them."""
        self._database = database
        self._links = links
        self._provider = provider
        self._kept: tuple[tuple[int, int, bool], Mailing] | None = None
        self._by_name = False

    def mailing(self, claimed: Claimed) -> Mailing:
        """Return the mailing of the text that a claim is of."""
        issue_id, variant = claimed.claim.issue_id, claimed.variant
        key = (issue_id, variant, claimed.counted)
        if self._kept is not None and self._kept[0] == key:
            return self._kept[1]
        self.close()
        with self._database.read() as session:
            issue = session.get_one(Issue, issue_id)
            issues.require_countable(issue, self._provider)
            email = issues.with_embedded(session, issues.email_of(session, issue, variant))
            how = issues.counting_of(issue, self._links)
            if not claimed.counted:
                how = replace(how, provider=NOTHING_TO_COUNT)
            addressed = tracking.address(
                email, self._links, list_slug=issue.list_slug, key=issue.key, counted=how
            )
        self._by_name = tracking.counts_by_name(how)
        mailing = self._provider.prepare(addressed)
        self._kept = key, mailing
        return mailing

    def envelopes(self, claimed: Claimed) -> Envelopes:
        """Return an envelope for everybody of a claim whose mailing was asked for."""
        issue_id, links, people = claimed.claim.issue_id, self._links, claimed.people
        values = {"token": links.goodbye_tokens(claimed.list_id, people.ids, issue_id)}
        if self._by_name:
            values[tracking.READING] = [
                links.reading_token(Reading(issue_id, person if counted else NOBODY))
                for person, counted in zip(people.ids, people.counted, strict=True)
            ]
        tokens = links.seal_deliveries(issue_id, people.ids)
        return Envelopes(people.emails, tokens, people.names, values)

    def close(self) -> None:
        """Let go of the text and its connections."""
        if self._kept is not None:
            self._kept[1].close()
            self._kept = None
