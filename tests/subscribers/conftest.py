"""A migrated, empty database of each kind for each test, migrated once."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

import newsletter.models  # noqa: F401 (registers its tables)
from newsletter import schema
from subscribers.database import Base, Database
from subscribers.models import List
from tests.factories import make_list

if TYPE_CHECKING:
    from tests.postgresql import Cluster


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with the newest schema, to copy."""
    file = tmp_path_factory.mktemp("migrated") / "newsletter.db"
    schema.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_url(postgres_cluster: "Cluster") -> str:
    """Give the URL of a PostgreSQL database with the newest schema, to empty: a copy costs more."""
    name = postgres_cluster.create()
    schema.upgrade(postgres_cluster.url(name))
    return postgres_cluster.url(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give an empty database with the newest schema: the test runs once on each kind."""
    if request.param == "sqlite":
        file = tmp_path / "newsletter.db"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        opened = Database(f"sqlite:///{file}")
    else:
        opened = Database(request.getfixturevalue("migrated_url"))
        _empty(opened)
    yield opened
    opened.close()


def _empty(database: Database) -> None:
    """Delete every row: before a test, so that one which failed leaves nothing to the next."""
    with database.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Give a session in one transaction of writing."""
    with database.begin() as opened:
        yield opened


@pytest.fixture
def monthly(session: Session) -> List:
    """Give a list with double opt-in."""
    return make_list(session)
