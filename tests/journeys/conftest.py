"""The house of a journey."""

import shutil
from pathlib import Path

import pytest

from tests.journeys.house import House


@pytest.fixture
def house(migrated_file: Path, tmp_path: Path) -> House:
    """A fresh house on SQLite with an outbox; its database is there, as migrating takes a second."""
    shutil.copy(migrated_file, tmp_path / "newsletter.db")
    return House(tmp_path)
