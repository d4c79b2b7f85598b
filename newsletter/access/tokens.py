"""API tokens: shown once, kept as a hash, with scopes, an end, and a pace (RULES S-11)."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session

from newsletter.access.names import require_free
from newsletter.models import ApiToken

# So that a scanner of secrets knows one that was committed somewhere.
PREFIX = "newsletter_"
SHOWN = len(PREFIX) + 6
A_MINUTE = timedelta(minutes=1)
CALLS_A_MINUTE = 60


class Scope(StrEnum):
    """What a token may do."""

    COUNT = "count"
    PEOPLE = "people"


MEANINGS = {
    Scope.COUNT: "see lists, and how many people are in a segment",
    Scope.PEOPLE: "see some of those people, with name and address",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a token that opens: its name, and what it may do."""

    name: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TooMany:
    """A token that was used too often in this minute; `wait` is how long the minute still lasts."""

    wait: timedelta


def make_token(
    session: Session,
    name: str,
    scopes: Collection[Scope] = (Scope.COUNT,),
    *,
    expires_at: datetime | None,
    now: datetime,
) -> str:
    """Make a token and return it: it is never seen again.

    Raises AccessError for a name that is odd or taken.
    """
    require_free(session, name)
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            name=name,
            key_hash=_hash(token),
            beginning=token[:SHOWN],
            scopes=" ".join(sorted({Scope.COUNT, *scopes})),
            created_at=now,
            expires_at=expires_at,
            used=0,
        )
    )
    session.flush()
    return token


def find_token(session: Session, name: str) -> ApiToken | None:
    """Return the token of this name."""
    return session.scalar(select(ApiToken).where(ApiToken.name == name))


def tokens(session: Session) -> Sequence[ApiToken]:
    """Return all tokens by name."""
    return session.scalars(select(ApiToken).order_by(ApiToken.name)).all()


def has_tokens(session: Session) -> bool:
    """Return whether there is any token, also one that is over."""
    return session.scalar(select(ApiToken.id).limit(1)) is not None


def holder_of(session: Session, token: str, *, now: datetime) -> ApiToken | None:
    """Return the row of a token that opens now, None for any other."""
    if not token.startswith(PREFIX):
        return None
    return session.scalar(
        select(ApiToken).where(
            ApiToken.key_hash == _hash(token),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
        )
    )


def use(session: Session, held: ApiToken, *, now: datetime) -> Holder | TooMany:
    """Count one call, whichever process answers it; TooMany are not counted."""
    minute = now.replace(second=0, microsecond=0)
    goes_on = ApiToken.minute == minute
    counted = session.execute(
        update(ApiToken)
        .where(
            ApiToken.id == held.id,
            or_(ApiToken.minute.is_(None), ~goes_on, ApiToken.used < CALLS_A_MINUTE),
        )
        .values(used=case((goes_on, ApiToken.used + 1), else_=1), minute=minute, last_used_at=now)
        .returning(ApiToken.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if counted is None:
        return TooMany(minute + A_MINUTE - now)
    return Holder(held.name, frozenset(held.scopes.split()))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
