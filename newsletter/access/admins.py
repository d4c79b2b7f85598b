"""Admins: made, signed in, taken away; each of their sessions is a row."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from newsletter.access import passwords
from newsletter.access.attempts import forget_tries, take_try
from newsletter.access.names import NAME, require_free
from newsletter.errors import SignInRefused
from newsletter.models import Admin, AdminSession
from subscribers.database import Database

IDLE, LONGEST = timedelta(hours=1), timedelta(hours=12)
# A session is written that it was seen at most so often.
SEEN_EVERY = timedelta(minutes=1)
KEY_LENGTH = 43


def add_admin(session: Session, name: str, password: str, *, now: datetime) -> Admin:
    """Make an admin; raises AccessError for a name that is odd or taken, or an easy password."""
    require_free(session, name)
    made = Admin(name=name, password=passwords.hashed(password), created_at=now)
    session.add(made)
    session.flush()
    return made


def change_password(session: Session, admin: Admin, password: str) -> None:
    """Set a new password, end all of the admin's sessions, and forget tries to sign in.

    Raises AccessError for an easy one.
    """
    admin.password = passwords.hashed(password)
    end_sessions(session, admin)
    forget_tries(session, admin.name)


def remove_admin(session: Session, admin: Admin) -> None:
    """Take an admin away, with all sessions."""
    end_sessions(session, admin)
    session.delete(admin)
    session.flush()


def end_sessions(session: Session, admin: Admin) -> None:
    """Sign an admin out everywhere."""
    session.execute(delete(AdminSession).where(AdminSession.admin_id == admin.id))


def find_admin(session: Session, name: str) -> Admin | None:
    """Return the admin of this name; what nobody can be called is not asked for."""
    if not NAME.fullmatch(name):
        return None
    return session.scalar(select(Admin).where(Admin.name == name))


def admins(session: Session) -> Sequence[Admin]:
    """Return all admins by name."""
    return session.scalars(select(Admin).order_by(Admin.name)).all()


def has_admins(session: Session) -> bool:
    """Return whether there is anybody who could sign in."""
    return session.scalar(select(Admin.id).limit(1)) is not None


def sign_in(database: Database, name: str, password: str, *, ip: str, now: datetime) -> str:
    """Return the key of a new session.

    The same work and the same answer whether somebody bears the name or not. Raises SignInRefused.
    """
    with database.begin() as session:
        wait = take_try(session, name, ip, now=now)
    if wait is not None:
        raise SignInRefused("too many tries", wait=wait)
    with database.read() as session:
        found = find_admin(session, name)
    # Outside of any transaction: it takes its time.
    if not passwords.matches(password, found.password if found else None) or found is None:
        raise SignInRefused("name or password is wrong")
    with database.begin() as session:
        admin = session.get(Admin, found.id, with_for_update=True)
        if admin is None or admin.password != found.password:
            # Taken away, or given a new password, while this one was looked at.
            raise SignInRefused("name or password is wrong")
        forget_tries(session, name, ip)
        return _open_session(session, admin, now)


def _open_session(session: Session, admin: Admin, now: datetime) -> str:
    key = secrets.token_urlsafe(32)
    session.execute(delete(AdminSession).where(_is_over(now)))
    session.add(AdminSession(key_hash=_hash(key), admin_id=admin.id, created_at=now, seen_at=now))
    admin.signed_in_at = now
    session.flush()
    return key


def session_of(session: Session, key: str, *, now: datetime) -> tuple[Admin, AdminSession] | None:
    """Return whose session a key opens, None where it is over or never was."""
    if len(key) != KEY_LENGTH:
        return None
    row = session.execute(
        select(Admin, AdminSession)
        .join(Admin, Admin.id == AdminSession.admin_id)
        .where(AdminSession.key_hash == _hash(key), ~_is_over(now))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def is_seldom_seen(held: AdminSession, now: datetime) -> bool:
    """Return whether it is time to write down that a session is in use."""
    return held.seen_at <= now - SEEN_EVERY


def seen(session: Session, key: str, *, now: datetime) -> None:
    """Write down that a session is in use."""
    held = session.get(AdminSession, _hash(key))
    if held is not None:
        held.seen_at = now


def sign_out(session: Session, key: str) -> None:
    """End one session."""
    session.execute(delete(AdminSession).where(AdminSession.key_hash == _hash(key)))


def form_key(key: str) -> str:
    """Return what the forms of a session carry, so that no other page can press their buttons."""
    return hmac.digest(key.encode(), b"form", "sha256").hex()


def _is_over(now: datetime) -> ColumnElement[bool]:
    return or_(AdminSession.seen_at <= now - IDLE, AdminSession.created_at <= now - LONGEST)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
