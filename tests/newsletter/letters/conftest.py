"""A house with the body of a letter in it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import insert

from newsletter.app import App
from newsletter.models import LetterBody
from newsletter.slots import hole, slot
from tests.newsletter.house import (
    Make,
    open_house,
)
from tests.newsletter.receiver import Receiver


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[Make]:
    opened: list[App] = []

    def make(*, settings: Mapping[str, Any] = MappingProxyType({}), **options: object) -> Any:
        receiver = Receiver(tmp_path / "book", **options)  # type: ignore[arg-type]
        app = open_house(database_url, tmp_path, receiver, **settings)
        opened.append(app)
        with app.database.begin() as session:
            session.execute(
                insert(LetterBody).values(
                    hash="body",
                    subject="Please confirm",
                    html=f'<a href="{slot("letter")}">yes</a>',
                    text=f"Dear {hole('name')}, {slot('letter')}",
                )
            )
        return app, receiver

    yield make
    for app in opened:
        app.database.close()
