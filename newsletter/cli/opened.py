"""The house, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.app import App


@contextmanager
def opened() -> Iterator["App"]:
    """Build the App from this process's settings and close its database afterwards."""
    from newsletter.app import build
    from newsletter.settings import load

    app = build(load())
    try:
        yield app
    finally:
        app.database.close()
