"""The results of a claim as they come, fenced: whoever lost its lease writes nothing."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, Update, bindparam, insert, update
from sqlalchemy.orm import Session

from newsletter.dispatcher.claim import EXCEPTION, LEASE_SECONDS, Claim, Claimed
from newsletter.dispatcher.clock import moment
from newsletter.message import SendResult, SendStatus
from newsletter.models import Batch, BatchState, DeliveryState
from subscribers.database import Database

BATCH: Table = Batch.__table__  # type: ignore[assignment]
OWN_STATE = {
    SendStatus.FAILED: DeliveryState.FAILED,
    SendStatus.IN_DOUBT: DeliveryState.IN_DOUBT,
    # Until the batch ends: then whoever the provider wants later moves into a new one.
    SendStatus.LATER: DeliveryState.PENDING,
}
STATUS = {state: status for status, state in OWN_STATE.items()}


class LeaseLost(Exception):
    """Another worker took this claim away: stop at once, and write nothing."""


class Journal:
    """The results of one claim: each committed by itself, or all together at its end."""

    def __init__(
        self, database: Database, claimed: Claimed, *, stepwise: bool, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._claimed = claimed
        self._stepwise = stepwise
        self._clock = clock
        self._bits = bytearray((claimed.size + 7) // 8)
        self.results: list[SendResult] = []

    def note(self, result: SendResult) -> None:
        """Take the next recipient's result; raises LeaseLost.

        A provider that goes step by step is asked for the next one only when this one is durable:
        a death then leaves nobody in doubt but who was on the wire.
        """
        if self._stepwise:
            person = self._claimed.people[len(self.results)]
            if result.status is SendStatus.SUBMITTED:
                self._bits[person.place >> 3] |= 1 << (person.place & 7)
            with self._database.begin() as session:
                now = self._clock()
                acknowledge(session, self._claimed.claim, bytes(self._bits), now)
                if result.status is not SendStatus.SUBMITTED:
                    row = exception_row(self._claimed.claim, person.id, result, now)
                    session.connection().execute(insert(EXCEPTION), row)
        self.results.append(result)


def acknowledge(session: Session, claim: Claim, acked: bytes, now: datetime) -> None:
    """Write the bitmap of a claim and renew its lease; raises LeaseLost."""
    done = session.connection().execute(
        fenced_update().values(acked=acked, lease_until=moment(session, now, LEASE_SECONDS)),
        fence(claim),
    )
    if done.rowcount != 1:
        raise LeaseLost


def renew(session: Session, claim: Claim, now: datetime) -> bool:
    """Renew the lease of a call that takes long; return whether the claim still stands."""
    done = session.connection().execute(
        fenced_update().values(lease_until=moment(session, now, LEASE_SECONDS)), fence(claim)
    )
    return done.rowcount == 1


def fence(claim: Claim) -> dict[str, Any]:
    """Return the parameters of `fenced_update`."""
    return {
        "f_issue": claim.issue_id,
        "f_batch": claim.batch_no,
        "f_attempt": claim.attempt,
        "f_owner": claim.owner,
    }


@cache
def fenced_update() -> Update:
    """Return an UPDATE of one batch that finds nothing once the claim was taken away."""
    return update(BATCH).where(
        BATCH.c.issue_id == bindparam("f_issue"),
        BATCH.c.batch_no == bindparam("f_batch"),
        BATCH.c.attempt == bindparam("f_attempt"),
        BATCH.c.owner == bindparam("f_owner"),
        BATCH.c.state == str(BatchState.SENDING),
    )


def exception_row(claim: Claim, person: int, result: SendResult, now: datetime) -> dict[str, Any]:
    """Return the row that says what is true of this recipient alone."""
    return {
        "issue_id": claim.issue_id,
        "subscriber_id": person,
        "state": str(OWN_STATE[result.status]),
        "detail": result.detail,
        "at": now,
    }
