"""A migrated, empty database of each kind, copied from one that was migrated once."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from newsletter import schema
from subscribers.database import Database
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
def migrated_name(postgres_cluster: "Cluster") -> str:
    """Give the name of a PostgreSQL database with the newest schema, to copy."""
    name = postgres_cluster.create()
    schema.upgrade(postgres_cluster.url(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give an empty database with the newest schema: the test runs once on each kind."""
    if request.param == "sqlite":
        file = tmp_path / "newsletter.db"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        opened = Database(f"sqlite:///{file}")
        yield opened
        opened.close()
        return
    template: str = request.getfixturevalue("migrated_name")
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    name = cluster.create(template)
    opened = Database(cluster.url(name))
    yield opened
    opened.close()
    cluster.drop(name)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Give a session in one transaction of writing."""
    with database.begin() as opened:
        yield opened


@pytest.fixture
def monthly(session: Session) -> List:
    """Give a list with double opt-in."""
    return make_list(session)
