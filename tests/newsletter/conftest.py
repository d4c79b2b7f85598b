"""What the newsletter's tests share beside the fixtures of all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.app import App
from subscribers.database import Database
from tests.newsletter.house import Make, open_house
from tests.newsletter.receiver import Answer, Receiver, accept


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give an open, empty database with the newest schema, once on each kind; ids begin at 1."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[Make]:
    """Give a house whose provider is a double, on each kind of database; closed again."""
    opened: list[App] = []

    def make(
        *,
        reports: bool = False,
        stepwise: bool = False,
        answer: Answer = accept,
        **settings: Any,
    ) -> Any:
        receiver = Receiver(tmp_path / "book", stepwise=stepwise, answer=answer)
        receiver.reports = reports
        app = open_house(database_url, tmp_path, receiver, **settings)
        opened.append(app)
        return app, receiver

    yield make
    for app in opened:
        app.database.close()
