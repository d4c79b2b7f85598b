"""An open database of each kind for each test, and a session in it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from subscribers.database import Database
from subscribers.models import List
from tests.factories import make_list


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give an empty database with the newest schema: the test runs once on each kind."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Give a session in one transaction of writing."""
    with database.begin() as opened:
        yield opened


@pytest.fixture
def monthly(session: Session) -> List:
    """Give a list with double opt-in."""
    return make_list(session)
