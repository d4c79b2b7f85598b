"""What became of the mails of an issue: the ledger and the reports, put together."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter.issues import progress
from newsletter.message import EventType
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
from newsletter.reports.figures import SEEN, UNHEARD, Figures
from newsletter.status_codes import cause_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """People by what became of their mail.

    Of the `submitted`, each is in one of `delivered`, `deferred` (was put off and not heard of
    since), `bounced` (came back), `rejected` (the provider took it and never tried) and `silent`
    (nothing was heard). `delivered` is None where nobody reports deliveries: silence is no failure
    then. `refused` are those that the provider did not take. Bounces, refusals and rejections are
    told by cause. `hearable`: how many of the submitted are where complaints are reported at all.
    """

    submitted: int
    delivered: int | None
    deferred: int
    bounced: Counter[str]
    rejected: Counter[str]
    silent: int
    refused: Counter[str]
    complained: int
    hearable: int
    unsubscribed: int

    @property
    def came_back(self) -> int:
        """How many of those that were tried got none: refused, bounced or rejected."""
        return self.refused.total() + self.bounced.total() + self.rejected.total()

    @property
    def tried(self) -> int:
        """How many mails were handed in, taken or not."""
        return self.submitted + self.refused.total()


def outcome(session: Session, issue: Issue, figures: Figures) -> Outcome:
    """Return what became of an issue's mails until now."""
    submitted = progress(session, issue).submitted
    bounced, rejected = _causes(figures, EventType.BOUNCED), _causes(figures, EventType.REJECTED)
    delivered = figures.fate(EventType.DELIVERED)
    seen, deferred = figures.fate(SEEN), figures.fate(EventType.DEFERRED)
    known = delivered + seen + deferred + bounced.total() + rejected.total()
    return Outcome(
        submitted=submitted,
        delivered=delivered + seen if delivered else None,
        deferred=deferred,
        bounced=bounced,
        rejected=rejected,
        silent=max(submitted - known, 0),
        refused=_refused(session, issue),
        complained=figures.of_people(EventType.COMPLAINED),
        hearable=max(submitted - figures.of_people(UNHEARD), 0),
        unsubscribed=figures.of_people(EventType.UNSUBSCRIBED),
    )


def _causes(figures: Figures, kind: EventType) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_, word), n in figures.people.items():
        name, _, cause = word.partition(":")
        if name == kind and n:
            found[cause or "unclear"] += n
    return found


def _refused(session: Session, issue: Issue) -> Counter[str]:
    """Return who was refused in the call itself, by the cause that the answer's words tell."""
    detail = func.coalesce(DeliveryException.detail, Batch.detail)
    rows = session.execute(
        select(detail, func.count())
        .select_from(Batch)
        .join(Delivery, ITS_BATCH)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            Batch.issue_id == issue.id,
            ITS_STATE == DeliveryState.FAILED,
        )
        .group_by(detail)
    )
    found: Counter[str] = Counter()
    for words, n in rows:
        found[cause_of(words, words)] += n
    return found
