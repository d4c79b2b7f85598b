"""How often somebody may try to sign in, counted in the database so that every process sees it.

A try is counted before its password is looked at, so that many at once are no more than five; one
that succeeds takes its own back. Names that nobody bears count alike. RULES S-9.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from newsletter.models import LoginAttempt
from subscribers import store

WITHIN = timedelta(minutes=15)
# One name from one network; any names from it; one name from anywhere.
OF_ONE, OF_A_NETWORK, OF_A_NAME = 5, 30, 100


def take_try(session: Session, name: str, ip: str, *, now: datetime) -> timedelta | None:
    """Count one try, or return how long to wait; who is turned away is not counted."""
    account, network = _account(session, name), store.network_of(session, ip)
    if session.get_bind().dialect.name == "postgresql":
        # Or tries at the same instant would each see four others.
        session.execute(text("LOCK TABLE login_attempt IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(delete(LoginAttempt).where(LoginAttempt.at <= now - WITHIN))
    by_name, from_there = LoginAttempt.account == account, LoginAttempt.network == network
    for most, *alike in (
        (OF_ONE, by_name, from_there),
        (OF_A_NETWORK, from_there),
        (OF_A_NAME, by_name),
    ):
        counted = select(func.count(), func.min(LoginAttempt.at)).where(*alike)
        tried, first = session.execute(counted).one()
        if tried >= most:
            oldest: datetime = first
            return oldest + WITHIN - now
    session.add(LoginAttempt(at=now, account=account, network=network))
    session.flush()
    return None


def forget_tries(session: Session, name: str, ip: str | None = None) -> None:
    """Forget the tries of a name from a network, or from everywhere: somebody knew the password."""
    forgotten = delete(LoginAttempt).where(LoginAttempt.account == _account(session, name))
    if ip is not None:
        forgotten = forgotten.where(LoginAttempt.network == store.network_of(session, ip))
    session.execute(forgotten)


def _account(session: Session, name: str) -> str:
    return store.hidden(session, f"admin {name}")
