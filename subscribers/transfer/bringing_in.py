"""Bring people in from a CSV file, with evidence; good rows in, bad rows into a report."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

import orjson

from subscribers.database import Database
from subscribers.errors import FileRefused
from subscribers.lists import find_list
from subscribers.models import Import
from subscribers.transfer.ahead import ahead
from subscribers.transfer.encoding import survey
from subscribers.transfer.foreseen import Foreseen
from subscribers.transfer.joining import Arrival
from subscribers.transfer.origins import Fate, Reading, named, recognise
from subscribers.transfer.person import People
from subscribers.transfer.progress import Source, advance, begun, cut_off, ended, locked
from subscribers.transfer.reader import Portion, Reader
from subscribers.transfer.refusals import Refusals
from subscribers.transfer.report import ImportReport
from subscribers.transfer.roster import Roster
from subscribers.transfer.table import Lines, Table
from subscribers.transfer.work import foresee, settle

CHUNK = 60_000

Advance = Callable[[int, int], None]
Portions = Iterator[tuple[Portion, int]]


def import_csv(
    database: Database,
    path: Path,
    list_slug: str | None = None,
    *,
    consent_text: str | None = None,
    dry_run: bool = False,
    column_map: Mapping[str, str] | None = None,
    progress: Advance | None = None,
    report_path: Path | None = None,
    origin: str | None = None,
    all_are: Fate | None = None,
    actor: str = "",
    smtputf8: bool = False,
    now: datetime,
) -> ImportReport:
    """Take the people of a CSV file or a roster onto a list, up to 60,000 rows a transaction.

    The system that the file comes from is told by its head, or named by `origin`; `all_are` says
    what everybody in it is, for exports that do not tell. Nobody becomes active without proof:
    `consent_text` for all, or a column with the moment of each one's confirmation. Who
    unsubscribed elsewhere is kept as such, who bounced or complained is suppressed, who never
    confirmed is pending. Nobody who left or is suppressed comes back. Refused rows go to
    `report_path` (default: beside the file; none in a dry run) with line numbers and reasons.
    `smtputf8` takes addresses with letters beyond ASCII before the `@`.
    `progress` is called with the bytes done and all bytes. An import that was cut off goes on where
    it was when the same is called again. Raises NotFound for the list and FileRefused for a file
    that cannot be read at all, before anything is written.
    """
    with database.read() as session:
        find_list(session, list_slug)
    found = survey(path)
    words = (consent_text or "").strip()
    opened: TextIO = path.open(encoding=found.encoding, errors="replace", newline="")
    with opened as file:
        lines = Lines(file)
        table: Table | Roster = Roster.of(lines) or Table(lines, path)
        known = named(origin) if origin else recognise(table.head, roster=isinstance(table, Roster))
        reading = Reading(table.head, known, path, column_map=column_map or {}, all_are=all_are)
        if not (words or "confirmed_at" in reading.places or reading.tells_fates):
            raise FileRefused(
                f"{path}: holds no proof that these people agreed",
                "say how and when they did: --i-have-consent TEXT",
            )
        options = [*sorted((column_map or {}).items()), origin or "", all_are or ""]
        source = Source(
            path.name,
            found.sha256,
            words,
            orjson.dumps(options).decode(),
            origin=known.origin.name,
            actor=actor,
        )
        report = ImportReport(dry_run=dry_run, origin=known.origin.name, why=known.why)
        report.passed_over = reading.passed_over
        with database.read() as session:
            before = cut_off(session, find_list(session, list_slug), source)
        if before is not None:
            report.take_up(before.counts, before.next_line)
            lines.skip_to(before.next_line)
        if dry_run:
            report_path = None
        elif report_path is None:
            report_path = path.with_name(f"{path.stem}.refused.csv")
        people = People(reading, consent=bool(words), smtputf8=smtputf8, now=now)
        refusals = Refusals(report, report_path, kept=before.report_bytes if before else 0)
        work = _Work(database, list_slug, source, report, refusals, now)
        go = work.foreseen if dry_run else work.done

        def portions() -> Portions:
            for portion in Reader(table, people, read=report.read).portions(CHUNK):
                yield portion, min(file.buffer.tell(), found.size)

        with _uncollected(), closing(ahead(portions())) as coming:
            for done in go(coming, before):
                # Statements do make cycles, and hold all rows of their batch.
                gc.collect(0)
                if progress:
                    progress(done, found.size)
    return report


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let Python look for cycles only when told to: rows make none, and looking took a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Work:
    """An import between its file and its database; both ways yield how many bytes are done."""

    database: Database
    list_slug: str | None
    source: Source
    report: ImportReport
    refusals: Refusals
    now: datetime

    def foreseen(self, portions: Portions, _: Import | None) -> Iterator[int]:
        """Count what would become of everybody."""
        with closing(Foreseen()) as foreseen:
            for portion, done in portions:
                with self.database.read() as session:
                    list_ = find_list(session, self.list_slug)
                    self.report.count(foresee(session, list_, portion.told, foreseen))
                self.report.read = portion.read
                self.report.undate(portion.unread, portion.example)
                self.refusals.settle(portion.unfit)
                yield done

    def done(self, portions: Portions, before: Import | None) -> Iterator[int]:
        """Take everybody in, a transaction for each portion; `before` is an import that goes on."""
        number, at = (before.id, before.next_line) if before else (None, 0)
        for portion, done in portions:
            with self.database.begin(loading=True) as session:
                list_ = find_list(session, self.list_slug)
                if number is None:
                    row = begun(session, list_, self.source, self.now)
                else:
                    row = locked(session, number, at)
                arrival = Arrival(session, list_, row.id, self.now)
                self.report.count(settle(arrival, portion.told, self.source.whence))
                self.report.read = portion.read
                self.report.undate(portion.unread, portion.example)
                number, at = row.id, portion.next_line
                written = self.refusals.settle(portion.unfit)
                advance(row, self.report, next_line=at, report_bytes=written)
            yield done
        with self.database.begin() as session:
            ended(session, number, self.now)
