"""The domains that mails go to, and how many mails were handed in for each."""

from collections import Counter

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from newsletter.issues.feedback import SILENT_DOMAINS
from newsletter.models import (
    ITS_BATCH,
    ITS_EXCEPTION,
    ITS_STATE,
    Batch,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
)
from newsletter.reports.figures import OTHER, SUBMITTED, UNHEARD
from subscribers.models import Subscriber

# A domain of fewer people says too much of each; of the others the largest are told.
FEWEST, MOST_DOMAINS = 5, 50


def submitted(session: Session, issue: Issue) -> Counter[tuple[str, str]]:
    """Return how many mails were handed in for each domain that is told, as (domain, word).

    And how many of those are where complaints are not reported.
    """
    rows = session.execute(
        select(domain(session).label("domain_name"), func.count())
        .select_from(Batch)
        .join(Delivery, ITS_BATCH)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Batch.issue_id == issue.id,
            ITS_STATE == DeliveryState.SUBMITTED,
        )
        # By its name: what is bound twice is for PostgreSQL not the same.
        .group_by("domain_name")
    )
    people = sorted(((n, name) for name, n in rows), key=lambda one: (-one[0], one[1]))
    found: Counter[tuple[str, str]] = Counter()
    for place, (n, name) in enumerate(people):
        told = bool(name) and n >= FEWEST and place < MOST_DOMAINS
        where = name if told else OTHER
        found[where, SUBMITTED] += n
        if name in SILENT_DOMAINS:
            found[where, UNHEARD] += n
    return found


def domain(session: Session) -> ColumnElement[str]:
    """Return the domain of a joined Subscriber's address, empty for who was erased."""
    key = func.coalesce(Subscriber.email_key, "@")
    if session.get_bind().dialect.name == "postgresql":
        return func.split_part(key, literal("@"), 2)
    return func.substr(key, func.instr(key, "@") + 1)
