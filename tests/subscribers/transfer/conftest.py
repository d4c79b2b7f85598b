"""A list for people to come onto."""

import pytest

from subscribers.database import Database
from tests.factories import make_list


@pytest.fixture
def ledger(database: Database) -> str:
    with database.begin() as session:
        return make_list(session).slug
