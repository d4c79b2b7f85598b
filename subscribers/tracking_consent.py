"""Whether a person may be counted by name: asked apart from joining, and taken back at any time.

A list asks when it counts clicks or opens one by one. RULES L-1; CNIL deliberation 2026-042.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from subscribers.errors import NotFound
from subscribers.evidence import Visit, record
from subscribers.models import ConsentKind, List, Subscription, TrackingMode


def asks_for_tracking(list_: List) -> bool:
    """Say whether a list counts anything by name, and so has to ask."""
    return TrackingMode.INDIVIDUAL in (list_.click_tracking, list_.open_tracking)


def set_tracking(
    session: Session,
    list_id: int,
    subscriber_id: int,
    *,
    allowed: bool,
    wording: str = "",
    visit: Visit,
    now: datetime,
) -> Subscription:
    """Keep a person's answer, with evidence when it is another than before; raises NotFound.

    `wording` is the question as it was shown. No answer yet and a no are the same.
    """
    current = session.get(Subscription, (list_id, subscriber_id), with_for_update=True)
    if current is None:
        raise NotFound("there is no such subscription")
    if bool(current.tracking_consent) != allowed:
        kind = ConsentKind.TRACKING_ALLOWED if allowed else ConsentKind.TRACKING_WITHDRAWN
        list_ = session.get_one(List, list_id)
        record(session, kind, list_, subscriber_id, visit=visit, now=now, wording=wording)
        current.tracking_consent = allowed
        session.flush()
    return current
