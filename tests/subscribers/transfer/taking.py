"""A file taken in, and who is mailed then."""

from pathlib import Path

from sqlalchemy import select

from subscribers import store
from subscribers.database import Database
from subscribers.models import (
    List,
    Subscriber,
)
from subscribers.transfer import ImportReport, import_csv
from tests.factories import NOON

WORDS = "signed up on paper at the fair of 3 May 2026"


def take(database: Database, path: Path, text: str | bytes, **options: object) -> ImportReport:
    path = path / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    given: dict[str, object] = {"consent_text": WORDS, "now": NOON} | options
    return import_csv(database, path, "ledger", **given)  # type: ignore[arg-type]


def active(database: Database) -> dict[str | None, str]:
    with database.read() as session:
        ids = store.audience(session.scalars(select(List.id)).one())
        rows = session.scalars(select(Subscriber).where(Subscriber.id.in_(ids)))
        return {row.email: row.name for row in rows}
