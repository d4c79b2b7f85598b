"""Who never answered a confirmation is forgotten again (RULES L-4)."""

from datetime import datetime, timedelta

from sqlalchemy import Select, and_, delete, exists, literal, or_, select
from sqlalchemy.orm import Session

from newsletter.models import BatchState, Delivery, Letter, StoredEvent
from newsletter.models.packed import is_packed
from subscribers import store
from subscribers.database import Database
from subscribers.models import Consent, Subscription, SubscriptionState

KEPT = timedelta(days=30)
# A look costs a scan of the pending ones, so that not every round takes one.
EVERY = timedelta(hours=1)
AT_ONCE = 500


def forget_unanswered(database: Database, *, now: datetime) -> int:
    """Forget people who were asked 30 days ago and did not answer; return how many.

    Whose letter never left is kept: it may still come. Who was brought in unconfirmed from
    another system is asked nothing, and forgotten after the same time. Nobody is reminded.
    """
    with database.read() as session:
        if not session.execute(_unanswered(now).limit(1)).all():
            return 0
    with database.begin() as session:
        # A confirmation at this very moment has the row: it wins.
        locked = _unanswered(now).with_for_update(of=Subscription, skip_locked=True)
        found = session.execute(locked).all()
        for list_id, subscriber_id in found:
            _forget(session, list_id, subscriber_id)
    return len(found)


def _unanswered(now: datetime) -> Select[int, int]:
    left = exists().where(
        Letter.request_id == Subscription.request_id, Letter.state == BatchState.SUBMITTED
    )
    return (
        select(Subscription.list_id, Subscription.subscriber_id)
        .outerjoin(Consent, Consent.id == Subscription.request_id)
        .where(
            Subscription.state == SubscriptionState.PENDING,
            Subscription.joined_at.is_(None),
            or_(
                and_(Consent.at < now - KEPT, left),
                and_(Subscription.request_id.is_(None), Subscription.changed_at < now - KEPT),
            ),
        )
        .limit(AT_ONCE)
    )


def _forget(session: Session, list_id: int, subscriber_id: int) -> None:
    of_them = Letter.subscriber_id == subscriber_id, Letter.list_id == list_id
    session.execute(delete(Letter).where(*of_them))
    known = any(
        session.scalar(select(row.subscriber_id).where(row.subscriber_id == subscriber_id).limit(1))
        for row in (Delivery, Letter, StoredEvent)
    ) or session.scalar(select(exists().where(is_packed(literal(subscriber_id)))))
    store.forget_request(session, list_id, subscriber_id, also_the_person=not known)
