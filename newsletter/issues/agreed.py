"""Whose opens and clicks may be kept by name, and when their mail left (RULES L-1)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from newsletter.issues.packing import packed_people
from newsletter.models import ITS_BATCH, Batch, Delivery, Issue, PackedDelivery
from subscribers.models import Subscriber, Subscription


def agreed(session: Session, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """Return when the mail of each (issue, person) left us, of those who agree to be counted now.

    Of a packed issue it is when the issue began. Who took it back is not in it, whatever they
    said when their mail left.
    """
    wanted = set(wanted)
    found: dict[tuple[int, int], datetime] = {}
    for issue_id in {issue for issue, _ in wanted}:
        people = [person for issue, person in wanted if issue == issue_id]
        for statement in (_rows(issue_id, people), _packed(issue_id, people)):
            for person, at in session.execute(statement):
                if at is not None:
                    found[issue_id, person] = at
    return found


def _rows(issue_id: int, people: list[int]) -> Select[int, datetime | None]:
    return (
        select(Delivery.subscriber_id, func.coalesce(Batch.submitted_at, Issue.started_at))
        .join(Issue, Issue.id == Delivery.issue_id)
        .join(Batch, ITS_BATCH)
        .join(
            Subscription,
            and_(
                Subscription.list_id == Issue.list_id,
                Subscription.subscriber_id == Delivery.subscriber_id,
            ),
        )
        .where(
            Delivery.issue_id == issue_id,
            Delivery.subscriber_id.in_(people),
            Subscription.tracking_consent.is_(True),
        )
    )


def _packed(issue_id: int, people: list[int]) -> Select[int, datetime | None]:
    return (
        packed_people(issue_id)
        .join(Issue, Issue.id == PackedDelivery.issue_id)
        .join(
            Subscription,
            and_(
                Subscription.list_id == Issue.list_id,
                Subscription.subscriber_id == Subscriber.id,
            ),
        )
        .where(Subscriber.id.in_(people), Subscription.tracking_consent.is_(True))
        .add_columns(Issue.started_at)
    )
