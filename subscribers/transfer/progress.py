"""How far the import of a file is: kept with its people, so that it goes on where it was cut off."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from subscribers.errors import FileRefused
from subscribers.models import Import, List
from subscribers.transfer.report import ImportReport


@dataclass(frozen=True, slots=True)
class Source:
    """What makes two imports the same: the file by its hash, the words, and the options.

    `file` is its name, `origin` the system it comes from, `actor` who brings it.
    """

    file: str
    sha256: str
    wording: str
    options: str
    origin: str = ""
    actor: str = ""

    @property
    def whence(self) -> str:
        """Say of a suppression where it comes from, but for the line."""
        return f"{self.origin or 'CSV'} ({self.file[:200]}"


def cut_off(session: Session, list_: List, source: Source) -> Import | None:
    """Return the import of the same to the same list that did not come to its end."""
    return session.scalars(
        select(Import)
        .where(
            Import.list_id == list_.id,
            Import.sha256 == source.sha256,
            Import.wording == source.wording,
            Import.options == source.options,
            Import.finished_at.is_(None),
        )
        .order_by(Import.id.desc())
        .limit(1)
    ).first()


def begun(session: Session, list_: List, source: Source, now: datetime) -> Import:
    """Begin the row of an import."""
    row = Import(
        list_id=list_.id,
        file=source.file,
        sha256=source.sha256,
        origin=source.origin,
        wording=source.wording,
        actor=source.actor,
        options=source.options,
        started_at=now,
    )
    session.add(row)
    session.flush()
    return row


def locked(session: Session, number: int, next_line: int) -> Import:
    """Return the row of an import to write into; raises FileRefused when another process did."""
    row = session.get_one(Import, number, with_for_update=True)
    if row.next_line != next_line or row.finished_at is not None:
        raise FileRefused(
            f"{row.file}: another process is importing it just now",
            "let it finish; the same command goes on where it stops",
        )
    return row


def advance(row: Import, report: ImportReport, *, next_line: int, report_bytes: int) -> None:
    """Say how far an import is, in the transaction that brought it there."""
    row.next_line, row.report_bytes, row.counts = next_line, report_bytes, report.counts()


def ended(session: Session, number: int | None, now: datetime) -> None:
    """Say that an import came to its end."""
    session.execute(update(Import).where(Import.id == number).values(finished_at=now))
