"""Writes about a claim, fenced: whoever lost its lease writes nothing."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm import Session

from newsletter.dispatcher.claim import LEASE_SECONDS, Claim
from newsletter.dispatcher.statements import BATCH
from newsletter.models import BatchState
from subscribers.clock import moment


class LeaseLost(Exception):
    """Another worker took this claim away: stop at once, and write nothing."""


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
