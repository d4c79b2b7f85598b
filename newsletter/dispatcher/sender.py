"""One worker's hand: claims a batch, calls the provider, writes down what became of it."""

import itertools
import os
import socket
import time
import uuid
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import datetime

from newsletter import issues
from newsletter.dispatcher.claim import LEASE_SECONDS, Claim, Claimed, claim, due, give_back
from newsletter.dispatcher.compiled import Compiled
from newsletter.dispatcher.conclusion import Ending, conclude
from newsletter.dispatcher.fence import LeaseLost, renew
from newsletter.dispatcher.journal import Journal
from newsletter.dispatcher.scribe import Scribe
from newsletter.dispatcher.verdict import Hold, judge
from newsletter.errors import IssueError, ProviderUnavailable
from newsletter.links import Links
from newsletter.message import SendStatus
from newsletter.models import Issue
from newsletter.pace import NO_LIMITS, Limits, breaker, pay_back
from newsletter.providers.protocol import Provider
from subscribers.database import AWAY, Database
from subscribers.database import now as system_clock

# A call may take this long (ENGINE §8); a claim with less left is given back, not sent.
CALL_SECONDS = 45.0
AWAY_SECONDS = 0.5
WHO = "worker"
# They do not say that the provider is there.
UNHEARD = (SendStatus.IN_DOUBT, SendStatus.UNTRIED)


def process_name() -> str:
    """Return a name for this process that no other process ever has."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Sender:
    """Sends batch by batch; for one thread, which keeps one issue compiled."""

    def __init__(
        self,
        database: Database,
        links: Links,
        provider: Provider,
        *,
        name: str = "",
        scribe: Scribe | None = None,
        limits: Limits = NO_LIMITS,
        mark: Callable[[int], None] | None = None,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        self._database = database
        self._links = links
        self._provider = provider
        self._name = name or process_name()
        self._numbers = itertools.count(1)
        self._scribe = scribe or Scribe(database)
        self._limits = limits
        self._mark = mark
        self._clock = clock
        self._compiled = Compiled(database, links, provider)
        self._in_hand: Claim | None = None
        self._found = False
        # Owners of claims that may have been committed and were not answered: nobody was called.
        self._unsure: list[str] = []

    def send_one(self) -> bool:
        """Claim the next batch and send it; return whether there was one to claim."""
        if not (self._found or self._unsure or self._is_due()):
            return False
        self._found = False
        began = time.monotonic()
        claimed = self._claim()
        if claimed is None:
            return False
        # Where one was, the next is likely: it is claimed without a look before.
        self._found = True
        self._in_hand = claimed.claim
        may_be_last = True
        try:
            may_be_last = self._deliver(claimed, began)
        except LeaseLost:
            # Whoever took the claim away has written down what may have been accepted.
            self.close()
        finally:
            self._in_hand = None
        if may_be_last:
            with self._database.begin() as session:
                issues.finish(session, claimed.claim.issue_id, who=WHO, now=self._clock())
        return True

    def _is_due(self) -> bool:
        with self._database.read() as session:
            return due(session, self._clock())

    def _claim(self) -> Claimed | None:
        # A name for each claim: two claims of one process never pass for each other.
        owner = f"{self._name}/{next(self._numbers)}"
        self._unsure.append(owner)
        with self._database.begin() as session:
            for earlier in self._unsure[:-1]:
                give_back(session, earlier)
            claimed = claim(
                session, self._provider, limits=self._limits, owner=owner, now=self._clock()
            )
        self._unsure.clear()
        return claimed

    def renew(self) -> None:
        """Renew the lease of the claim in hand, from another thread, while its call takes long."""
        in_hand = self._in_hand
        if in_hand is not None:
            with self._database.begin() as session:
                renew(session, in_hand, self._clock())

    def close(self) -> None:
        """Let go of the compiled issue and its connections."""
        self._compiled.close()

    def _deliver(self, claimed: Claimed, began: float) -> bool:
        """Call the provider and write down what came of it; return whether no batch waits."""
        claim_ = claimed.claim
        at_once = self._provider.at_once
        journal = Journal(self._scribe, claimed, stepwise=bool(at_once), clock=self._clock)
        called = stopped = False
        failure: Exception | None = None
        try:
            if self._mark is not None:
                self._mark(claimed.claims)
            mailing = self._compiled.mailing(claimed)
            envelopes = self._compiled.envelopes(claimed)
            reference = self._links.seal_batch(claim_.issue_id, claim_.batch_no, claim_.attempt)
            if time.monotonic() - began > LEASE_SECONDS - CALL_SECONDS:
                raise ProviderUnavailable("this worker was held up before the call")
            called = bool(envelopes)
            is_trial = claimed.is_trial
            with self._scribe.sending() if at_once else nullcontext():
                for results in mailing.send(envelopes, reference=reference) if called else ():
                    goes_on = journal.note(results)
                    if is_trial and any(result.status not in UNHEARD for result in results):
                        is_trial = self._recovered()
                    if not goes_on:
                        stopped = True
                        break
        except LeaseLost:
            raise
        except Exception as error:
            failure = error
        # What may have been accepted, if nothing more is known: the next ones, or the whole call.
        doubtful = (at_once or None) if called else 0
        if stopped:
            # The next ones are announced to the server already: hanging up takes that back.
            self.close()

        def write() -> tuple[int, bool]:
            verdict = (
                (Ending("the issue was stopped", doubtful=0), None)
                if stopped
                else judge(
                    self._database,
                    failure,
                    doubtful,
                    is_trial=claimed.is_trial,
                    now=self._clock(),
                )
            )
            return self._conclude(claimed, journal, *verdict)

        uncalled, may_be_last = self._patiently(write)
        self._pay_back(claimed, uncalled)
        return may_be_last

    def _patiently(self, write: Callable[[], tuple[int, bool]]) -> tuple[int, bool]:
        """Write what is known; a database that is away is waited for while the lease may hold."""
        end = time.monotonic() + LEASE_SECONDS - CALL_SECONDS
        while True:
            try:
                return write()
            except AWAY:
                if time.monotonic() > end:
                    raise
            time.sleep(AWAY_SECONDS)

    def _pay_back(self, claimed: Claimed, uncalled: int) -> None:
        """Give the day its room back; apart, as whoever claims takes the day before the issue."""
        paid_at = claimed.paid_at
        if uncalled and paid_at is not None and self._limits.counts_days:
            with suppress(*AWAY), self._database.begin() as session:
                pay_back(session, uncalled, paid_at)

    def _recovered(self) -> bool:
        """Let everybody call again; return whether that is still to be done."""
        with suppress(*AWAY), self._database.begin() as session:
            breaker.answered(session)
            return False
        return True

    def _conclude(
        self, claimed: Claimed, journal: Journal, ending: Ending, hold: Hold | None
    ) -> tuple[int, bool]:
        now = self._clock()
        with self._database.begin() as session:
            if hold is not None:
                issue = session.get_one(Issue, claimed.claim.issue_id)
                # Refused when somebody else paused or cancelled it first.
                with suppress(IssueError):
                    issues.pause(
                        session,
                        issue,
                        reason=hold.reason,
                        detail=hold.detail,
                        resume_at=hold.until,
                        who=WHO,
                        now=now,
                    )
            uncalled = conclude(
                session,
                claimed,
                journal.results,
                ending,
                noted=bool(self._provider.at_once),
                who=WHO,
                now=now,
            )
            # Whoever sends a batch that waits looks for the end of the issue after it.
            return uncalled, not issues.is_waiting(session, claimed.claim.issue_id)
