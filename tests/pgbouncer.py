"""PgBouncer before a throwaway PostgreSQL: each transaction may be another server's connection."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import psycopg

from tests.postgresql import USER, Cluster, unprivileged

PORT = 6432
START_SECONDS = 30.0
# Fewer than who asks, so that connections do change hands.
SERVERS = 3
SETTINGS = """
[databases]
* = host={folder} user={user}
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = {servers}
logfile = {folder}/pgbouncer.log
"""


@contextmanager
def pooled(cluster: Cluster, program: Path) -> Iterator[None]:
    """Run PgBouncer in transaction mode beside a cluster's own socket."""
    folder = cluster.folder
    file = folder / "pgbouncer.ini"
    file.write_text(SETTINGS.format(folder=folder, user=USER, port=PORT, servers=SERVERS))
    # Root's own checkout may be closed to whoever runs this.
    copy = shutil.copy(program, folder / "pgbouncer")
    process = subprocess.Popen(
        (*unprivileged(), copy, str(file)), stderr=subprocess.DEVNULL, cwd=folder
    )
    try:
        _wait(process, folder)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def url(cluster: Cluster, name: str) -> str:
    """Return the SQLAlchemy URL of a database through the pooler."""
    return f"{cluster.url(name)}&port={PORT}"


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    end = monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"host={folder} port={PORT} user={USER} dbname=postgres").close()
            return
        except psycopg.OperationalError:
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                if monotonic() < end:
                    continue
            log = folder / "pgbouncer.log"
            told = log.read_text(errors="replace") if log.exists() else "it said nothing"
            raise RuntimeError(f"PgBouncer did not start:\n{told}") from None
