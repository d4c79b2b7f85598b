"""A throwaway PostgreSQL server: made, used by one test process, and gone with it."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import psycopg
from psycopg import sql

USER = "broadsheet"
# Who runs the server when root runs the tests: PostgreSQL refuses root.
SOMEBODY = "nobody"
START_SECONDS = 60.0
# Bytes; a table that has grown so large is not read through for the dead rows of other tests.
LARGE = 64 * 1024
# Nothing here must survive a power cut, and the tests' own kills are of our processes, not of this.
OPTIONS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


class Cluster:
    """A server on a Unix socket in a temporary folder, run by nobody of importance."""

    def __init__(self, programs: Mapping[str, Path]) -> None:
        # Not pytest's own temporary folder: its parents are closed to other users, and the path of
        # a Unix socket may be no longer than about a hundred characters.
        self.folder = Path(tempfile.mkdtemp(prefix="broadsheet-pg-", dir="/tmp"))
        self._numbers = 0
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._make(_reachable(programs, self.folder))
        except BaseException:
            self.stop()
            raise

    def _make(self, programs: Mapping[str, Path]) -> None:
        data = self.folder / "data"
        if os.geteuid() == 0:
            shutil.chown(self.folder, SOMEBODY)
        subprocess.run(
            (
                *unprivileged(),
                str(programs["initdb"]),
                *("-D", str(data), "-U", USER, "-E", "UTF8", "--locale=C"),
                *("--auth=trust", "--no-sync"),
            ),
            check=True,
            capture_output=True,
            cwd=self.folder,
        )
        self._programs = programs
        self.start()

    def start(self) -> None:
        """Start the server on what is there."""
        data = self.folder / "data"
        settings = [f"-c{name}={value}" for name, value in OPTIONS.items()]
        self._log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(
            (
                *unprivileged(),
                *(
                    str(self._programs["postgres"]),
                    "-D",
                    str(data),
                    "-k",
                    str(self.folder),
                    *settings,
                ),
            ),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
        )
        self._wait()

    def _wait(self) -> None:
        assert self._process
        end = monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self._conninfo("postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                # wait() and no sleep: a server that gave up ends the waiting at once
                try:
                    self._process.wait(0.05)
                except subprocess.TimeoutExpired:
                    if monotonic() < end:
                        continue
                log = (self.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start:\n{log}") from None

    def _conninfo(self, name: str) -> str:
        return f"host={self.folder} user={USER} dbname={name}"

    def create(self, template: str = "template1") -> str:
        """Make a new database, a copy of `template`, and return its name."""
        self._numbers += 1
        name = f"test_{self._numbers}"
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return name

    def empty(self, name: str) -> None:
        """Make it as its migrations left it, ending whoever still uses it."""
        with psycopg.connect(self._conninfo(name), autocommit=True) as connection:
            # Waited for: who is in the middle of a commit would write after the rows are gone.
            connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            # Only what was written to has a size.
            written = connection.execute(
                "SELECT relname, pg_relation_size(oid) FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
                " AND relname NOT IN ('alembic_version', 'instance') AND pg_relation_size(oid) > 0"
            ).fetchall()
            large = [sql.Identifier(table) for table, size in written if size > LARGE]
            if large:
                connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(large)))
            # A new file for each table and index costs a hundred times as much as a few dead rows.
            connection.execute("SET session_replication_role = replica")
            for table, size in written:
                if size <= LARGE:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            connection.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL"
            )
            # The one row that a migration writes.
            connection.execute("UPDATE instance SET claims = 0")

    def drop(self, name: str) -> None:
        """Remove a database, ending whoever still uses it."""
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{USER}@/{name}?host={self.folder}"

    def crash(self) -> None:
        """Stop the server at once, as `pg_ctl stop -m immediate` does."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None
            self._log.close()

    def stop(self) -> None:
        """End the server at once and remove everything it wrote."""
        self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)


def unprivileged() -> tuple[str, ...]:
    """Begin a command that runs as an ordinary user and ends when this process does."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        # Without setpriv (outside Linux) the server outlives only a test process that was killed.
        return (setpriv, "--pdeathsig=QUIT") if setpriv else ()
    if not setpriv:
        raise RuntimeError("PostgreSQL refuses root, and there is no setpriv to be somebody else")
    group = pwd.getpwnam(SOMEBODY).pw_gid
    return (
        *(setpriv, f"--reuid={SOMEBODY}", f"--regid={group}", "--clear-groups"),
        *("--pdeathsig=QUIT", "env", f"HOME={tempfile.gettempdir()}"),
    )


def _reachable(programs: Mapping[str, Path], folder: Path) -> Mapping[str, Path]:
    """Return programs that an unprivileged user can run: root's own checkout may be closed to it."""
    (home,) = {path.parent for path in programs.values()}
    if os.geteuid() != 0 or ".parts" not in home.parts:
        return programs
    folder.chmod(0o755)
    usr = home.parents[3]
    shutil.copytree(usr, folder / "usr", symlinks=True)
    return {name: folder / "usr" / path.relative_to(usr) for name, path in programs.items()}
