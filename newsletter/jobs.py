"""Jobs of the fleet: rows of Procrastinate's in our own PostgreSQL, written in our transactions.

A job only wakes a worker. The ledger is the truth: a job that is lost is written again, one that
comes twice finds nothing left to do. This module knows the tables and not the library.
"""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

QUEUE = "broadsheet"
TASK = "newsletter.deliver_batch"
# Whose worker said nothing for so long is dead, or as good as that: its batches have no lease.
SILENT_SECONDS = 60
# Any number that is nobody else's.
LOCK = 0x62726F6164666C65
MIGRATION = re.compile(r"\d\d\.\d\d\.\d\d_.*\.sql")

_PENDING = text("""
SELECT procrastinate_defer_jobs_v1(array_agg(
    CAST(ROW(:queue, :task, 0, NULL, name, args, NULL) AS procrastinate_job_to_defer_v1)
))
FROM (
    SELECT :queue || '/' || b.issue_id || '/' || b.batch_no AS name,
        jsonb_build_object('issue_id', b.issue_id, 'batch_no', b.batch_no) AS args
    FROM batch AS b JOIN issue AS i ON i.id = b.issue_id
    WHERE b.state = 'pending' AND i.state = 'sending' AND b.wave <= i.wave
        AND (b.not_before IS NULL OR b.not_before <= clock_timestamp())
    ORDER BY b.issue_id, b.batch_no
) AS pending
WHERE NOT EXISTS (
    SELECT 1 FROM procrastinate_jobs AS j WHERE j.status = 'todo' AND j.queueing_lock = name
)
HAVING count(*) > 0
""")
_ORPHANS = text("""
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT j.id FROM procrastinate_jobs AS j
    WHERE j.status <> 'todo' AND j.queue_name LIKE :queue || '%' AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers AS w WHERE w.id = j.worker_id
            AND w.last_heartbeat > clock_timestamp() - make_interval(secs => :silent)
    )
    FOR UPDATE SKIP LOCKED
)
""")


def enqueue(session: Session) -> None:
    """Write a job for each batch that may be claimed and has none; one statement, our transaction.

    While another transaction does so nothing is written: one double would undo them all, and the
    next round writes what is missing.
    """
    mine = session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if mine:
        session.execute(_PENDING, {"queue": QUEUE, "task": TASK})


def forget_orphans(session: Session) -> None:
    """Delete the jobs that workers had begun which are dead; their batches have a lease."""
    session.execute(_ORPHANS, {"queue": QUEUE, "silent": SILENT_SECONDS})


def are_there(connection: Connection) -> bool:
    """Return whether the database has the tables of jobs."""
    return inspect(connection).has_table("procrastinate_jobs")


def newest() -> str | None:
    """Return the name of the installed library's last migration, None without the library."""
    names = [file.name for file in _migrations()]
    return names[-1] if names else None


def version(connection: Connection) -> str:
    """Return the migration that the tables are at; empty when somebody else made them."""
    found = connection.scalar(
        text("SELECT obj_description(CAST('procrastinate_jobs' AS regclass), 'pg_class')")
    )
    return found or ""


def upgrade(connection: Connection) -> None:
    """Make the tables, or bring ours to what the installed library needs.

    Nothing happens without the library, and nothing to tables that somebody else made.
    """
    wanted = newest()
    if wanted is None:
        return
    if not are_there(connection):
        _run(connection, _folder() / "schema.sql")
    elif at := version(connection):
        for file in _migrations():
            if file.name > at:
                _run(connection, file)
    else:
        return
    connection.exec_driver_sql(f"COMMENT ON TABLE procrastinate_jobs IS '{wanted}'")


def _run(connection: Connection, file: Path) -> None:
    # Straight at the driver: many statements at once go without parameters only.
    driver: Any = connection.connection.driver_connection
    driver.execute(file.read_text(encoding="utf-8"))


def _migrations() -> list[Path]:
    folder = _folder() / "migrations"
    return sorted(file for file in folder.glob("*.sql") if MIGRATION.fullmatch(file.name))


def _folder() -> Path:
    found = find_spec("procrastinate")
    return Path(found.origin or "").parent / "sql" if found else Path("nowhere")
