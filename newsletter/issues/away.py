"""How many issues in a row never reached a person whose mailbox is there, and takes nothing."""

from sqlalchemy import exists, func, literal, or_, select
from sqlalchemy.orm import Session

from newsletter.message import Cause, EventType
from newsletter.models import (
    ITS_BATCH,
    ITS_EXCEPTION,
    ITS_STATE,
    Batch,
    Delivery,
    DeliveryException,
    DeliveryState,
    Issue,
    PackedDelivery,
    StoredEvent,
)
from newsletter.models.packed import is_packed
from newsletter.status_codes import cause_of
from subscribers import store
from subscribers.models import Consent, ConsentKind

# So many issues in a row of which the person got none (RULES WH-9).
IN_A_ROW = 3
# Causes of a bounce that may pass.
AWAY = frozenset({Cause.MAILBOX, Cause.UNCLEAR})
# Nobody's row is looked for further back.
LOOKED_BACK = 50


def is_away_for_long(session: Session, list_id: int, subscriber_id: int) -> bool:
    """Return whether IN_A_ROW of a list's issues in a row never reached a person.

    By a bounce, or refused in the call itself as full. Counted since they have their address, and
    since it was last allowed again.
    """
    allowed = session.scalar(
        select(func.max(Consent.at)).where(
            Consent.subscriber_id == subscriber_id,
            Consent.list_id == list_id,
            Consent.kind == ConsentKind.UNSUPPRESSED,
        )
    )
    since = store.address_since(session, subscriber_id)
    mine = (Delivery.issue_id == Issue.id, Delivery.subscriber_id == subscriber_id)
    by_row = (
        select(Delivery.issue_id)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(
            *mine,
            or_(
                DeliveryException.state.is_(None),
                DeliveryException.state != DeliveryState.SKIPPED,
            ),
        )
        .exists()
    )
    packed = exists().where(PackedDelivery.issue_id == Issue.id, is_packed(literal(subscriber_id)))
    bounced = (
        select(StoredEvent.id)
        .where(
            StoredEvent.issue_id == Issue.id,
            StoredEvent.subscriber_id == subscriber_id,
            StoredEvent.type == EventType.BOUNCED,
            StoredEvent.cause.in_(AWAY),
        )
        .exists()
    )
    refused = (
        select(func.coalesce(DeliveryException.detail, Batch.detail))
        .select_from(Delivery)
        .join(Batch, ITS_BATCH)
        .outerjoin(DeliveryException, ITS_EXCEPTION)
        .where(*mine, ITS_STATE == DeliveryState.FAILED)
        .scalar_subquery()
    )
    tried = session.execute(
        select(bounced, refused)
        .select_from(Issue)
        .where(
            Issue.list_id == list_id,
            or_(by_row, packed),
            *[Issue.started_at > moment for moment in (allowed, since) if moment is not None],
        )
        .order_by(Issue.id.desc())
        .limit(LOOKED_BACK)
    )
    length = 0
    for is_bounced, words in tried:
        is_full = words is not None and cause_of("", words) is Cause.MAILBOX
        length = length + 1 if is_bounced or is_full else 0
        if length >= IN_A_ROW:
            return True
    return False
