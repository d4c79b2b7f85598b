"""Migrations: they end where the models are, and no step loses a row."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import newsletter.models  # noqa: F401 (registers its tables)
from newsletter import schema
from newsletter.models import VIEWS
from newsletter.resources import resource
from subscribers.database import Base, Database
from subscribers.errors import SchemaBehind

NOW = datetime(2026, 11, 24, tzinfo=UTC)
STEPS = [step.revision for step in ScriptDirectory(str(resource("alembic"))).walk_revisions()][::-1]


def _fill(database: Database) -> None:
    """Put one row into every table, whatever its columns."""
    metadata = sa.MetaData()
    with database.begin() as session:
        metadata.reflect(session.connection())
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
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
            if name != "alembic_version"
        }


@pytest.fixture
def database(database_url: str) -> Any:
    opened = Database(database_url)
    yield opened
    opened.close()


def test_the_migrations_end_where_the_models_are(database_url: str, database: Database) -> None:
    schema.upgrade(database_url)
    with database.read() as session:
        context = MigrationContext.configure(session.connection())
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
        session.execute(sa.text("CREATE TABLE procrastinate_jobs (id INTEGER)"))
    with pytest.raises(Exception, match="nowhere"):
        schema.upgrade(database_url, "nowhere")
    counts = _counts(database)
    assert counts.pop("procrastinate_jobs") == 0
    assert set(counts.values()) == {1}
