"""Migrations: they end where the models are, and no step loses a row."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

import newsletter.models  # noqa: F401 (registers its tables)
from newsletter import schema
from newsletter.models import VIEWS
from newsletter.resources import resource
from subscribers.database import Base, Database
from subscribers.errors import SchemaBehind

NOW = datetime(2026, 11, 24, tzinfo=UTC)
STEPS = [step.revision for step in ScriptDirectory(str(resource("alembic"))).walk_revisions()][::-1]


def is_ours(name: str | None, *_: Any) -> bool:
    """As alembic/env.py has it: the tables of the fleet's jobs are their library's."""
    return not (name or "").startswith("procrastinate_")


def _fill(database: Database) -> None:
    """Put one row into every table, whatever its columns."""
    metadata = sa.MetaData()
    with database.begin() as session:
        metadata.reflect(session.connection())
        for table in metadata.sorted_tables:
            # One table has its row by the migration that makes it.
            if table.name not in ("alembic_version", "instance") and is_ours(table.name):
                session.execute(table.insert().values(_row(table)))


def _row(table: sa.Table) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.nullable:
            continue
        if column.name == "state":
            row[column.name] = "pending"
        elif column.foreign_keys and isinstance(column.type, sa.String):
            row[column.name] = "x"
        else:
            row[column.name] = _value(column.type)
    return row


def _value(kind: sa.types.TypeEngine[Any]) -> Any:
    for known, value in (
        (sa.Boolean, True),
        (sa.Integer, 1),
        (sa.Float, 1.0),
        (sa.DateTime, NOW),
        (sa.LargeBinary, b"x"),
        (sa.JSON, {}),
    ):
        if isinstance(kind, known):
            return value
    return "x"


def _counts(database: Database) -> dict[str, int]:
    with database.read() as session:
        names = sa.inspect(session.connection()).get_table_names()
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
            for name in names
            if name != "alembic_version" and is_ours(name)
        }


@pytest.fixture
def database_url(bare_database_url: str) -> str:
    return bare_database_url


@pytest.fixture
def database(database_url: str) -> Any:
    opened = Database(database_url)
    yield opened
    opened.close()


def test_the_migrations_end_where_the_models_are(database_url: str, database: Database) -> None:
    schema.upgrade(database_url)
    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"include_name": is_ours})
        assert compare_metadata(context, Base.metadata) == []
        assert set(sa.inspect(session.connection()).get_view_names()) == set(VIEWS)


def test_every_step_up_and_down_keeps_every_row(database_url: str, database: Database) -> None:
    schema.upgrade(database_url, STEPS[0])
    _fill(database)
    for step in STEPS[1:]:
        before = _counts(database)
        schema.upgrade(database_url, step)
        after = _counts(database)
        assert {name: after[name] for name in before} == before
    for step in reversed(STEPS[:-1]):
        schema.downgrade(database_url, step)
    assert set(_counts(database).values()) == {1}


STEP_OF_OUR_OWN = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def _recreate():
    for table in {tables!r}:
        with op.batch_alter_table(table, recreate={recreate!r}) as batch:
            batch.alter_column({column!r}, nullable=False)


upgrade = downgrade = _recreate
"""


def _with_a_step(folder: Path, database: Database, tables: list[str]) -> Config:
    """Add a step that makes tables anew, as a later version's migration may."""
    step = STEP_OF_OUR_OWN.format(
        head=STEPS[-1],
        tables=tables,
        recreate="always" if database.is_sqlite else "never",
        column="id",
    )
    (folder / "9999_again.py").write_text(step, encoding="utf-8")
    config = schema._config(database)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{resource('alembic', 'versions')}\n{folder}")
    return config


def test_making_parents_anew_wipes_no_children(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    """With foreign keys on, SQLite's copy of a parent table emptied its children."""
    schema.upgrade(database_url)
    _fill(database)
    config = _with_a_step(tmp_path, database, ["list", "subscriber", "issue", "consent"])
    for go, step in ((command.upgrade, "9999"), (command.downgrade, STEPS[-1])):
        go(config, step)
        assert set(_counts(database).values()) == {1}
        with database.read() as session:
            connection = session.connection()
            assert set(sa.inspect(connection).get_view_names()) == set(VIEWS)
            assert session.execute(sa.text("SELECT state FROM delivery_state")).all() != []
    with pytest.raises(sa.exc.IntegrityError), database.begin() as session:
        session.execute(sa.text("DELETE FROM issue"))


def test_making_a_table_anew_gives_no_id_twice(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    """Also of a table that is empty just then."""
    schema.upgrade(database_url)
    people = Base.metadata.tables["subscriber"]
    row = {"name": "", "attributes": {}, "created_at": NOW}
    with database.begin() as session:
        session.execute(people.insert().values(id=41, **row))
        if not database.is_sqlite:
            session.execute(sa.text("SELECT setval('subscriber_id_seq', 41)"))
        session.execute(people.delete())
    command.upgrade(_with_a_step(tmp_path, database, ["subscriber"]), "9999")
    with database.begin() as session:
        added = people.insert().values(row).returning(people.c.id)
        assert session.execute(added).scalar_one() == 42


def test_making_the_ledger_anew_keeps_it_thin(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'newsletter.db'}"
    schema.upgrade(url)
    database = Database(url)
    kind = sa.text("SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_schema WHERE type='table'")
    with database.read() as session:
        before: dict[str, bool] = {name: thin for name, thin in session.execute(kind)}
    config = _with_a_step(tmp_path, database, ["delivery", "batch"])
    step = (tmp_path / "9999_again.py").read_text(encoding="utf-8").replace("'id'", "'issue_id'")
    (tmp_path / "9999_again.py").write_text(step, encoding="utf-8")
    command.upgrade(config, "9999")
    with database.read() as session:
        assert {name: thin for name, thin in session.execute(kind)} == before
    assert before["delivery"]
    database.close()


def test_a_migration_that_would_break_a_reference_is_undone(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    schema.upgrade(database_url)
    _fill(database)
    config = _with_a_step(tmp_path, database, [])
    step = (tmp_path / "9999_again.py").read_text(encoding="utf-8")
    spoiled = step.replace(
        "for table in []:", 'op.execute("DELETE FROM issue")\n    for table in []:'
    )
    (tmp_path / "9999_again.py").write_text(spoiled, encoding="utf-8")
    with pytest.raises(Exception, match=r"break \d references|violates foreign key"):
        command.upgrade(config, "9999")
    assert set(_counts(database).values()) == {1}
    schema.check(database_url)


def test_the_tables_of_the_engine_of_the_fleet_are_none_of_ours(
    database_url: str, database: Database
) -> None:
    schema.upgrade(database_url)
    with database.begin() as session:
        session.execute(sa.text("CREATE TABLE procrastinate_more (id INTEGER)"))
    command.check(schema._config(database))
    with database.begin() as session:
        session.execute(sa.text("CREATE TABLE somebody_elses (id INTEGER)"))
    with pytest.raises(CommandError, match="somebody_elses"):
        command.check(schema._config(database))


def test_two_upgrades_at_once_are_one(database_url: str, database: Database) -> None:
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(subprocess.run, _upgrading(database_url)) for _ in range(2)]
        assert [one.result().returncode for one in running] == [0, 0]
    schema.check(database_url)


def _upgrading(url: str) -> list[str]:
    # In processes: Alembic keeps what it works on in globals, so threads cannot share it.
    code = f"from newsletter.schema import upgrade; upgrade({url!r})"
    return [sys.executable, "-c", code]


def test_a_database_of_a_newer_version_is_told_apart(database_url: str, database: Database) -> None:
    schema.upgrade(database_url)
    schema.check(database_url)
    with database.begin() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '7777'"))
    with pytest.raises(SchemaBehind, match="newer version") as raised:
        schema.check(database_url)
    assert raised.value.mend


def test_alembic_works_from_the_checkout(database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=Path(__file__).parents[1],
        env=os.environ
        | {"NEWSLETTER_DATABASE_URL": database_url, "NEWSLETTER_SECRET_KEYS": "k" * 40},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    schema.check(database_url)


def test_a_delivery_is_thin_on_sqlite(tmp_path: Path) -> None:
    """ENGINE §2: about 13 bytes each, so no row id and no index beside the primary key."""
    url = f"sqlite:///{tmp_path / 'newsletter.db'}"
    schema.upgrade(url)
    database = Database(url)
    with database.read() as session:
        made = sa.text("SELECT sql FROM sqlite_schema WHERE name = 'delivery'")
        assert "WITHOUT ROWID" in session.scalars(made).one()
        assert sa.inspect(session.connection()).get_indexes("delivery") == []
    database.close()


def test_an_upgrade_to_where_one_is_keeps_every_row(database_url: str, database: Database) -> None:
    schema.upgrade(database_url)
    _fill(database)
    schema.upgrade(database_url)
    assert set(_counts(database).values()) == {1}


def test_a_database_without_a_schema_is_said_to_be_behind(database_url: str) -> None:
    with pytest.raises(SchemaBehind) as raised:
        schema.check(database_url)
    assert raised.value.mend == "newsletter db upgrade"


def test_ids_are_never_used_twice(database_url: str, database: Database) -> None:
    """An erased person's old links must never open somebody else's page."""
    schema.upgrade(database_url)
    people = Base.metadata.tables["subscriber"]
    row = {"name": "", "attributes": {}, "created_at": NOW}
    with database.begin() as session:
        first = session.execute(people.insert().values(row).returning(people.c.id)).scalar_one()
        session.execute(people.delete())
    schema.upgrade(database_url)
    with database.begin() as session:
        second = session.execute(people.insert().values(row).returning(people.c.id)).scalar_one()
    assert second > first


def test_a_migration_that_fails_leaves_everything_as_it_was(
    database_url: str, database: Database
) -> None:
    schema.upgrade(database_url)
    _fill(database)
    with database.begin() as session:
        session.execute(sa.text("CREATE TABLE somebody_elses (id INTEGER)"))
    with pytest.raises(Exception, match="nowhere"):
        schema.upgrade(database_url, "nowhere")
    counts = _counts(database)
    assert counts.pop("somebody_elses") == 0
    assert set(counts.values()) == {1}
