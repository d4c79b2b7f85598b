"""Engines: what each database is told once a connection and once a transaction."""

from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.exc import OperationalError

BUSY_SECONDS = 20
# A process that sleeps inside a transaction holds what others wait for: PostgreSQL ends it, before
# the leases of its batches do. What server, database or role have set instead stands.
BOUND = (
    "SELECT set_config('idle_in_transaction_session_timeout', '60s', {is_local}) "
    "WHERE current_setting('idle_in_transaction_session_timeout') = '0'"
)
# The same trust on PostgreSQL, where this role may have it: a check of each key by itself is what
# most of an import's time goes into.
_TRUSTING = (
    "SELECT set_config('session_replication_role', 'replica', true) "
    "WHERE has_parameter_privilege('session_replication_role', 'SET')"
)
# What SQLite does otherwise in a kind of transaction, and what it does in any other. The cache is each
# connection's own, in KiB, taken when needed: a worker has a dozen.
_PRAGMAS = {
    "reading": (("query_only=ON",), ("query_only=OFF",)),
    # A crash may lose the last transactions, whole.
    "loading": (
        ("synchronous=NORMAL", "wal_autocheckpoint=64000"),
        ("synchronous=FULL", "wal_autocheckpoint=1000"),
    ),
    # Rows in no order want the upper pages of their indexes at hand.
    "many": (("cache_size=-16000",), ("cache_size=-1000",)),
    "trusting": (("foreign_keys=OFF",), ("foreign_keys=ON",)),
}


def engine_for(url: str) -> Engine:
    """Return the engine of a URL; it opens nothing."""
    return _on_sqlite(url) if url.startswith("sqlite") else _on_postgresql(url)


def of_kinds(engine: Engine, *kinds: str) -> Engine:
    """Return this engine for transactions that are `reading`, `loading`, `many` or `trusting`."""
    return engine.execution_options(broadsheet=frozenset(kinds))


def kinds_of(bound: Engine | Connection) -> frozenset[str]:
    """Return of which kinds a connection's transactions are."""
    kinds: frozenset[str] = bound.get_execution_options().get("broadsheet", frozenset())
    return kinds


def _is_pooled(raw: Any) -> bool:
    """Return whether another process answers than the one that greeted us, as behind PgBouncer."""
    (answers,) = raw.execute("SELECT pg_backend_pid()").fetchone()
    raw.rollback()
    return bool(answers != raw.info.backend_pid)


def _on_postgresql(url: str) -> Engine:
    engine = create_engine(url, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def greeted(raw: Any, _record: Any) -> None:
        # Behind a pooler each transaction may be another server's, which knows nothing of
        # what was prepared in the one before.
        if _is_pooled(raw):
            raw.prepare_threshold = None
        else:
            raw.execute(BOUND.format(is_local=False))
            raw.commit()

    @event.listens_for(engine, "handle_error")
    def ended(context: ExceptionContext) -> None:
        # The driver calls it an internal error; it is a connection that was lost.
        error = context.original_exception
        if getattr(error, "sqlstate", "") == "25P03":
            raise OperationalError(context.statement, None, error) from None

    @event.listens_for(engine, "begin")
    def read_only(connection: Connection) -> None:
        kinds = kinds_of(connection)
        if "reading" in kinds:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        if "loading" in kinds:
            connection.exec_driver_sql(_TRUSTING)
        driver: Any = connection.connection.driver_connection
        if driver.prepare_threshold is None:
            connection.exec_driver_sql(BOUND.format(is_local=True))

    return engine


def _on_sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def connect(raw: Any, _record: Any) -> None:
        # The driver's own BEGIN is deferred and comes late: we write it ourselves, below.
        raw.isolation_level = None
        cursor = raw.cursor()
        usual = (pragma for _, usually in _PRAGMAS.values() for pragma in usually)
        waiting = f"busy_timeout={BUSY_SECONDS * 1000}"
        # What was erased is overwritten: not every build of SQLite does so by itself.
        for pragma in ("journal_mode=WAL", waiting, "secure_delete=ON", *usual):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        kinds = kinds_of(connection)
        before = connection.info.get("kinds", frozenset())
        for kind in kinds ^ before:
            for pragma in _PRAGMAS[kind][kind in before]:
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.info["kinds"] = kinds
        connection.exec_driver_sql("BEGIN" if "reading" in kinds else "BEGIN IMMEDIATE")

    return engine
