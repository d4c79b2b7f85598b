"""What the newsletter's tests share beside the fixtures of all."""

from collections.abc import Iterator

import pytest

from subscribers.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give an open, empty database with the newest schema, once on each kind; ids begin at 1."""
    opened = Database(database_url)
    yield opened
    opened.close()
