"""The house, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from newsletter.app import App
    from newsletter.settings import Settings


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


@contextmanager
def read_if_there(settings: "Settings") -> Iterator["Session | None"]:
    """Read the database of these settings; None when it is a file that does not exist yet."""
    file = settings.database_file
    if file is not None and not file.exists():
        yield None
        return
    from subscribers.database import Database

    database = Database(settings.database_url)
    try:
        with database.read() as session:
            yield session
    finally:
        database.close()
