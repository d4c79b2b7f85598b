"""A house whose provider is a double, opened on both databases and closed again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.app import App
from tests.newsletter.house import open_house
from tests.newsletter.receiver import Receiver

Make = Callable[..., tuple[App, Receiver]]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[Make]:
    opened: list[App] = []

    def make(*, reports: bool = False, stepwise: bool = False, **settings: Any) -> Any:
        receiver = Receiver(tmp_path / "book", stepwise=stepwise)
        receiver.reports = reports
        app = open_house(database_url, tmp_path, receiver, **settings)
        opened.append(app)
        return app, receiver

    yield make
    for app in opened:
        app.database.close()
