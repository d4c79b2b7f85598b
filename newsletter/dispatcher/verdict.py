"""What the failure of a call says: of whom it did not answer for, and of the issue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.dispatcher.conclusion import Ending
from newsletter.errors import NewsletterError, ProviderError, ProviderUnavailable
from newsletter.models import HoldReason
from newsletter.pace import breaker
from subscribers.database import AWAY, Database

HELD_AT_LEAST = 30.0


@dataclass(frozen=True, slots=True)
class Hold:
    """Why the whole issue pauses after a call, and until when if it resumes by itself."""

    reason: HoldReason
    detail: str
    until: datetime | None = None


def judge(
    database: Database,
    failure: Exception | None,
    doubtful: int | None,
    *,
    is_trial: bool,
    now: datetime,
) -> tuple[Ending, Hold | None]:
    """Return how a call ended, and why its issue is to be held if it is.

    `doubtful`: how many of the unanswered may have been accepted, None for all of them; 0 says
    that nobody was called. A provider that is away is written down for all.
    """
    called = doubtful != 0
    if failure is None:
        return Ending("the provider said nothing about this recipient"), None
    if isinstance(failure, AWAY):
        # Step by step the next ones wait for the note of those before.
        may_be = None if doubtful is None else 0
        return Ending("the database was away", doubtful=may_be), None
    if isinstance(failure, OSError) and not called:
        until = now + timedelta(seconds=HELD_AT_LEAST)
        return Ending(str(failure), doubtful=0), Hold(HoldReason.PROVIDER, str(failure), until)
    if isinstance(failure, ProviderUnavailable):
        ending = Ending(str(failure), doubtful=0)
        with database.begin() as session:
            outage = breaker.failed(
                session, retry_after=failure.retry_after, is_trial=is_trial, now=now
            )
        if not outage.persists:
            return ending, None
        until = now + timedelta(seconds=max(outage.seconds, HELD_AT_LEAST))
        return ending, Hold(HoldReason.PROVIDER, str(failure), until)
    if isinstance(failure, NewsletterError) and (isinstance(failure, ProviderError) or not called):
        detail = f"{failure}; {failure.mend}" if failure.mend else str(failure)
        return Ending(str(failure), doubtful=0), Hold(HoldReason.CREDENTIALS, detail)
    # A defect. What was on the wire is in doubt; a person looks before anything goes on.
    what = f"{type(failure).__name__}: {failure}"
    return Ending(what, doubtful=doubtful), Hold(HoldReason.CREDENTIALS, f"a defect: {what}")
