"""A folder to run commands in."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def home(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a database of the newest schema: to migrate a new one takes a second."""
    shutil.copy(migrated_file, tmp_path / "newsletter.db")
    monkeypatch.chdir(tmp_path)
    return tmp_path
