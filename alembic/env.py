"""How migrations run: keys off on SQLite, views made anew, sequences kept, nothing lost.

With foreign keys on, batch mode's copy of a parent table silently emptied its children; inside
a transaction the pragma is ignored, so it is set before BEGIN.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import context
from sqlalchemy.engine import Connection

import newsletter.models  # noqa: F401 (registers its tables)
from newsletter import jobs
from newsletter.models import VIEWS
from newsletter.settings import load
from subscribers.database import Base, Database, Instant

# Any number that is nobody else's.
LOCK = 0x62726F6164736865
# How batch mode calls the table it copies into.
COPY = "_alembic_tmp_"


def include_name(name: str | None, kind: str, _parents: Mapping[str, Any]) -> bool:
    """Leave the tables of the fleet's engine alone."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our Instant as the column type it is in the database."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run(database: Database) -> None:
    """Run the migrations in one transaction."""
    with database.engine.connect() as connection:
        # Straight at the driver: through SQLAlchemy the pragma would come after BEGIN.
        driver: Any = connection.connection.driver_connection
        if database.is_sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                _migrate(connection, sqlite=database.is_sqlite)
        finally:
            if database.is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection, *, sqlite: bool) -> None:
    sequences = _sequences(connection) if sqlite else {}
    if not sqlite:
        # Two upgrades at the same instant: the second waits, and finds nothing left to do.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    for name in VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        include_name=include_name,
        render_item=render_item,
        transactional_ddl=False,
    )
    context.run_migrations()
    if not sqlite:
        jobs.upgrade(connection)
    tables = set(sa.inspect(connection).get_table_names())
    for name, (needed, definition) in VIEWS.items():
        if tables.issuperset(needed):
            connection.exec_driver_sql(f"CREATE VIEW {name} AS {definition}")
    if sqlite:
        _restore(connection, sequences)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration would break {len(broken)} references: {broken[:3]}")


@sa.event.listens_for(sa.Table, "before_create")
def _keep_kind(table: sa.Table, connection: Connection, **_: Any) -> None:
    """Give the copy that batch mode makes what reflection forgets of the table it copies."""
    if connection.dialect.name != "sqlite" or not table.name.startswith(COPY):
        return
    made = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?",
        (table.name.removeprefix(COPY),),
    ).scalar_one()
    table.dialect_options["sqlite"]["autoincrement"] = "AUTOINCREMENT" in made


def _sequences(connection: Connection) -> dict[str, int]:
    if "sqlite_sequence" not in sa.inspect(connection).get_table_names(
        sqlite_include_internal=True
    ):
        return {}
    return dict(connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").fetchall())


def _restore(connection: Connection, sequences: Mapping[str, int]) -> None:
    # Batch mode copies a table and forgets how far its ids had gone: an erased person's id
    # would be given to somebody else, and old links with it. An emptied table has no row at all.
    for name, highest in sequences.items():
        there = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
        if connection.exec_driver_sql(there, (name,)).first() is None:
            continue
        found = connection.exec_driver_sql(
            "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (highest, name)
        )
        if not found.rowcount:
            connection.exec_driver_sql(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, highest)
            )


_given: Database | None = context.config.attributes.get("database")
if _given is not None:
    run(_given)
else:
    _opened = Database(load().database_url)
    try:
        run(_opened)
    finally:
        _opened.close()
