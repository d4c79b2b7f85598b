"""Reports settle what is in doubt: whoever has an event of a mail had that mail."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter.events.acting import WHO, New
from newsletter.issues import finish, is_in_doubt, settle_one
from newsletter.issues.stepping import lock
from newsletter.message import EventType
from newsletter.models import DeliveryState

# These prove that the provider had taken the mail, whatever became of it then.
PROOFS = frozenset(EventType) - {EventType.UNKNOWN}


def prove(session: Session, news: Iterable[New], *, now: datetime) -> None:
    """Settle as submitted each delivery in doubt of which a report says that it was taken."""
    proofs = [
        new
        for new in news
        if new.event.type in PROOFS and is_in_doubt(session, new.issue_id, new.subscriber_id)
    ]
    # The issue before its batches, as everywhere: two orders would be a deadlock.
    for issue_id in sorted({new.issue_id for new in proofs}):
        lock(session, issue_id)
    settled = {
        new
        for new in proofs
        if settle_one(
            session,
            new.issue_id,
            new.subscriber_id,
            DeliveryState.SUBMITTED,
            "proven by an event",
            now=now,
        )
    }
    for issue_id in {new.issue_id for new in settled}:
        finish(session, issue_id, who=WHO, now=now)
