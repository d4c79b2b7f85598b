"""The statements of a claim: each is built once, as that costs more than to run it."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Float,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from newsletter.models import (
    Batch,
    BatchState,
    Delivery,
    DeliveryException,
    Instance,
    Issue,
    IssueState,
)
from newsletter.pace import breaker
from newsletter.pace.turns import ALL, PROVIDER, QUOTA, free_until, late, of_issue, of_lane
from subscribers.clock import bound, given
from subscribers.columns import packed
from subscribers.models import Subscriber, Subscription, SubscriptionState
from subscribers.suppressions import is_covered

BATCH: Table = Batch.__table__  # type: ignore[assignment]
EXCEPTION: Table = DeliveryException.__table__  # type: ignore[assignment]
Next = Select[int, int, int, str, int, int, int, int, str, int]
INSTANCE: Table = Instance.__table__  # type: ignore[assignment]


def following(dialect: str, now: datetime, *, locked: bool) -> tuple[Next, dict[str, Any]]:
    """Return the SELECT of the next batch that may be claimed, and its parameters."""
    return _next(dialect, locked=locked), given(dialect, "now", now) | {"late": late(now)}


@cache
def _next(dialect: str, *, locked: bool) -> Next:
    ready = or_(Batch.not_before.is_(None), Batch.not_before <= bound(dialect, "now"))
    number = cast(Batch.issue_id, String)
    after = bindparam("late", type_=Float())
    its_turn = free_until(after, PROVIDER, ALL, QUOTA, of_lane(Batch.lane), of_issue(number))
    found = (
        select(
            Batch.issue_id,
            Batch.batch_no,
            Batch.n,
            Batch.lane,
            Issue.list_id,
            Issue.over,
            Issue.recipients,
            Issue.variant,
            Issue.counted_by,
            breaker.failures().scalar_subquery().label("failures"),
        )
        .join(Issue, Issue.id == Batch.issue_id)
        .where(
            Batch.state == BatchState.PENDING,
            Issue.state == IssueState.SENDING,
            Batch.wave <= Issue.wave,
            ready,
            its_turn,
        )
        .order_by(Batch.issue_id, Batch.batch_no)
        .limit(1)
    )
    return found.with_for_update(skip_locked=True, of=Batch) if locked else found


@cache
def taking(dialect: str, lease: float) -> ReturningUpdate[Any]:
    """Return the UPDATE that takes a batch, its lease as `bound`."""
    return (
        update(BATCH)
        .where(BATCH.c.issue_id == bindparam("issue"), BATCH.c.batch_no == bindparam("batch"))
        .values(
            state=str(BatchState.SENDING),
            attempt=BATCH.c.attempt + 1,
            owner=bindparam("by"),
            lease_until=bound(dialect, "lease", lease),
            variant=bindparam("text"),
            provider=bindparam("through"),
            at_once=bindparam("waiting_for"),
            acked=None,
            detail="",
        )
        .returning(BATCH.c.issue_id, BATCH.c.batch_no, BATCH.c.attempt, BATCH.c.lo, BATCH.c.hi)
    )


@cache
def counting() -> ReturningUpdate[int]:
    """Return the UPDATE that counts a claim, and returns how many there ever were."""
    claims = INSTANCE.c.claims
    return update(INSTANCE).values(claims=claims + 1).returning(claims)


@cache
def people(dialect: str) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of the `columns` of a batch's people, and why not whom it may not mail.

    They are a number, an address, a name, whether they agreed to be counted, and why. The last is
    NULL for who may be mailed, and empty for who was decided of before.
    """
    own = DeliveryException.subscriber_id == Delivery.subscriber_id
    why = case(
        (DeliveryException.state.is_not(None), ""),
        (func.coalesce(Subscriber.email, "") == "", "erased"),
        (is_covered(Subscriber.email_key.expression), "suppressed"),
        (Subscription.state == str(SubscriptionState.ACTIVE), null()),
        else_=func.coalesce(Subscription.state, "not subscribed"),
    )
    found = (
        select(
            Delivery.subscriber_id,
            func.coalesce(Subscriber.email, ""),
            Subscriber.name,
            func.coalesce(Subscription.tracking_consent, false()),
            why.label("why"),
        )
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .outerjoin(
            Subscription,
            and_(
                Subscription.list_id == bindparam("list"),
                Subscription.subscriber_id == Delivery.subscriber_id,
            ),
        )
        .outerjoin(DeliveryException, and_(DeliveryException.issue_id == Delivery.issue_id, own))
        .where(
            Delivery.issue_id == bindparam("issue"),
            Delivery.subscriber_id.between(bindparam("lo"), bindparam("hi")),
            Delivery.batch_no == bindparam("batch"),
        )
        .order_by(Delivery.subscriber_id)
    )
    return packed(dialect, found)
