"""Forgetting who never was more than a request."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from subscribers.models import AddressChange, Consent, Subscriber, SubscriberTag, Subscription


def forget_request(
    session: Session, list_id: int, subscriber_id: int, *, also_the_person: bool
) -> None:
    """Delete a subscription that was never confirmed, with its evidence of asking.

    The person goes with it when they are on no other list; `also_the_person` False keeps the row,
    for whoever holds something else of theirs.
    """
    of_them = {"list_id": list_id, "subscriber_id": subscriber_id}
    session.execute(delete(Subscription).filter_by(**of_them))
    session.execute(delete(Consent).filter_by(**of_them))
    rest = (Subscription.subscriber_id, Consent.subscriber_id)
    known = any(
        session.scalar(select(column).where(column == subscriber_id).limit(1)) for column in rest
    )
    if also_the_person and not known:
        session.execute(delete(SubscriberTag).where(SubscriberTag.subscriber_id == subscriber_id))
        session.execute(delete(AddressChange).where(AddressChange.subscriber_id == subscriber_id))
        session.execute(delete(Subscriber).where(Subscriber.id == subscriber_id))
