"""The house of a journey."""

from pathlib import Path

import pytest

from tests.journeys.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A fresh house on SQLite with an outbox."""
    return House(tmp_path)
