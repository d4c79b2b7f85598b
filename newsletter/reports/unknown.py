"""What the figures of an issue cannot say, in sentences: a number that is missing is no zero."""

from collections.abc import Iterator

from newsletter.models import Issue
from newsletter.reports.outcome import Outcome
from subscribers.models import CountedBy, TrackingMode

OFF, AGGREGATE, INDIVIDUAL = TrackingMode.OFF, TrackingMode.AGGREGATE, TrackingMode.INDIVIDUAL


def not_known(issue: Issue, outcome: Outcome) -> Iterator[str]:
    """Yield what nobody can know of an issue, and why."""
    if outcome.delivered is None and outcome.submitted:
        yield (
            "How many were delivered: nobody reports deliveries here, only what came back is known."
        )
        if not (outcome.bounced or outcome.rejected or outcome.deferred or outcome.complained):
            yield (
                "Whether any bounced or was complained of: nothing was reported, and without a "
                "webhook or INBOX_URL nothing would be."
            )
    elif outcome.silent:
        yield f"What became of {outcome.silent:,} mails: nothing was reported of them yet."
    deaf = outcome.submitted - outcome.hearable
    if deaf:
        yield f"Whether any of {deaf:,} people at Gmail complained: it reports no complaint."
    yield from _of_clicks(issue)
    yield from _of_opens(issue)


def _of_clicks(issue: Issue) -> Iterator[str]:
    if issue.click_tracking == OFF:
        yield "Clicks: this list counted none when the issue was made."
        return
    if issue.click_tracking == AGGREGATE:
        yield "How many people clicked: clicks are counted by link, and who clicks twice counts two."
    elif issue.counted_by == CountedBy.PROVIDER:
        yield (
            "Who else clicked: the provider counted only people who agreed, and of the others "
            "nothing is known."
        )
    else:
        yield "Who else clicked: only people who agreed are counted by name, the others by link."
    if not issue.text_links:
        yield "Clicks in the text part: its links are not counted."


def _of_opens(issue: Issue) -> Iterator[str]:
    if issue.open_tracking == OFF:
        yield "Opens: this list counted none when the issue was made."
        return
    if issue.open_tracking == AGGREGATE:
        yield "How many people opened it: who opens it twice counts two."
    yield (
        "Who read it: where pictures are off an open is not seen, and Apple and Gmail fetch pictures "
        "for everybody (those are among the machines)."
    )
