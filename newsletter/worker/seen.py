"""Which processes send, by their own word, and on SQLite by the lock that one of them holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from newsletter.app import App
from newsletter.app.file_lock import FileLock
from newsletter.app.state_folder import private_folder
from newsletter.models import WorkerSeen
from subscribers.database import insert_into

BEAT_SECONDS = 15.0
ALIVE = timedelta(seconds=60)
FORGOTTEN = timedelta(days=1)


def beat(session: Session, name: str, now: datetime) -> None:
    """Say that this process sends; forget those that said nothing for a day."""
    session.execute(
        insert_into(session, WorkerSeen)
        .values(name=name, seen_at=now)
        .on_conflict_do_update(index_elements=["name"], set_={"seen_at": now})
    )
    session.execute(delete(WorkerSeen).where(WorkerSeen.seen_at < now - FORGOTTEN))


def leave(session: Session, name: str) -> None:
    """Say that this process sends no more."""
    session.execute(delete(WorkerSeen).where(WorkerSeen.name == name))


def workers(session: Session, now: datetime) -> Sequence[str]:
    """Return the names of the processes that said within a minute that they send."""
    return session.scalars(
        select(WorkerSeen.name).where(WorkerSeen.seen_at > now - ALIVE).order_by(WorkerSeen.name)
    ).all()


def lock_of(app: App) -> FileLock | None:
    """Return the lock that whoever sends on a SQLite database holds; None on PostgreSQL."""
    file = app.settings.database_file
    if file is None:
        return None
    return FileLock(private_folder(app.settings.state_folder) / f"{file.name}.worker.lock")


def worker_alive(app: App, session: Session, now: datetime) -> bool:
    """Return whether anybody sends; of who died on SQLite that is known at once."""
    lock = lock_of(app)
    return bool(workers(session, now)) and (lock is None or lock.is_held())
