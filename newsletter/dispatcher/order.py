"""The order in which an issue's people are mailed, as something a database sorts by."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case

from newsletter.models import Issue
from subscribers.models import CountedBy, Subscriber, Subscription

# Who showed a sign of life in so many days goes before who did not; within one such group by
# number, so that the ids of a batch lie close together.
ENGAGED = (30, 90, 365)


def turn(issue: Issue, now: datetime) -> ColumnElement[int]:
    """Whose turn is sooner: the most recently engaged, and beside each other who agreed.

    Whoever agreed to be counted goes in calls apart where the provider counts, so that most
    batches need not be parted when they are claimed.
    """
    coldness = _coldness(now)
    if issue.counted_by != CountedBy.PROVIDER:
        return coldness
    return coldness * 2 + case((Subscription.tracking_consent.is_(True), 0), else_=1)


def _coldness(now: datetime) -> ColumnElement[int]:
    """How long ago somebody showed a sign of life: 0 for the last month, 3 for over a year."""
    marks = [
        (Subscriber.last_engaged_at >= now - timedelta(days=days), place)
        for place, days in enumerate(ENGAGED)
    ]
    return case(*marks, else_=len(ENGAGED))
