"""A house with its pages for each test: on SQLite, or once on each database."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from newsletter import schema
from subscribers.database import Base, Database
from tests.newsletter.web.site import Site, open_site


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with the newest schema, to copy."""
    file = tmp_path_factory.mktemp("migrated") / "newsletter.db"
    schema.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """Give an empty SQLite database with the newest schema."""
    file = tmp_path / "newsletter.db"
    shutil.copy(migrated_file, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def migrated_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a PostgreSQL database with the newest schema, to empty."""
    cluster = request.getfixturevalue("postgres_cluster")
    url: str = cluster.url(cluster.create())
    schema.upgrade(url)
    return url


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path) -> Iterator[Site]:
    """Open the pages on SQLite."""
    with open_site(sqlite_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def site_with(sqlite_url: str, tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Open the pages on SQLite with settings of the test's own."""
    with ExitStack() as stack:

        def opened(**settings: Any) -> Site:
            return stack.enter_context(open_site(sqlite_url, tmp_path, **settings))

        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def site_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """Open the pages once on each database: for what is decided by its rows and locks."""
    if request.param == "sqlite":
        url = request.getfixturevalue("sqlite_url")
    else:
        url = request.getfixturevalue("migrated_url")
        database = Database(url)
        with database.begin() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(table.delete())
        database.close()
    with open_site(url, tmp_path) as opened:
        yield opened
