"""A house with its pages for each test: on SQLite, or once on each database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.newsletter.web.site import Site, open_site


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


@pytest.fixture
def site_on_both(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """Open the pages once on each database: for what is decided by its rows and locks."""
    with open_site(database_url, tmp_path) as opened:
        yield opened
