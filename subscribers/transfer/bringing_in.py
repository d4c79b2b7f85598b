"""Bring people in from a CSV file, with evidence; good rows in, bad rows into a report."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TextIO

from subscribers.database import Database
from subscribers.errors import FileRefused
from subscribers.lists import find_list
from subscribers.transfer.chunk import Evidence, plan, write
from subscribers.transfer.encoding import survey
from subscribers.transfer.origins import Fate, Reading, named, recognise
from subscribers.transfer.person import People, Person, Unfit
from subscribers.transfer.report import ImportReport, Refusals
from subscribers.transfer.roster import Roster
from subscribers.transfer.table import Lines, Table

CHUNK = 10_000

Advance = Callable[[int, int], None]


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
    now: datetime,
) -> ImportReport:
    """Take the people of a CSV file or a roster onto a list, 10,000 rows a transaction.

    The system that the file comes from is told by its head, or named by `origin`; `all_are` says
    what everybody in it is, for exports that do not tell. Nobody becomes active without proof:
    `consent_text` for all, or a column with the moment of each one's confirmation. Who
    unsubscribed elsewhere is kept as such, who bounced or complained is suppressed, who never
    confirmed is pending. Nobody who left or is suppressed comes back. Refused rows go to
    `report_path` (default: beside the file; none in a dry run) with line numbers and reasons.
    `progress` is called with the bytes done and all bytes. An import that was interrupted is
    finished by doing it again. Raises NotFound for the list and FileRefused for a file that
    cannot be read at all, before anything is written.
    """
    report = ImportReport(dry_run=dry_run)
    consent_text = (consent_text or "").strip()
    with database.read() as session:
        find_list(session, list_slug)
    found = survey(path)
    with ExitStack() as stack:
        file: TextIO = stack.enter_context(
            path.open(encoding=found.encoding, errors="replace", newline="")
        )
        table = _opened(Lines(file), path)
        recognised = (
            named(origin) if origin else recognise(table.head, roster=isinstance(table, Roster))
        )
        reading = Reading(
            table.head, recognised, path, column_map=column_map or {}, all_are=all_are
        )
        report.origin, report.why = recognised.origin.name, recognised.why
        if not (consent_text or "confirmed_at" in reading.places or reading.tells_fates):
            raise FileRefused(
                f"{path}: holds no proof that these people agreed",
                "say how and when they did: --i-have-consent TEXT",
            )
        if report_path is None and not dry_run:
            report_path = path.with_name(f"{path.stem}.refused.csv")
        refusals = stack.enter_context(Refusals(report, report_path))
        evidence = Evidence(consent_text, path.name, found.sha256, recognised.origin.name)
        people = People(reading, consent=bool(consent_text), now=now)
        rows = iter(table)
        seen = _Seen(whole_file=dry_run)
        while chunk := list(islice(rows, CHUNK)):
            report.read += len(chunk)
            fit = list(_fit(people.read(chunk), seen, refusals, report))
            with database.read() if dry_run else database.begin() as session:
                list_ = find_list(session, list_slug)
                planned = plan(session, list_, fit, report)
                if not dry_run:
                    write(session, list_, planned, evidence, now)
            if progress:
                progress(min(file.buffer.tell(), found.size), found.size)
    return report


def _opened(lines: Lines, path: Path) -> Table | Roster:
    return Roster.of(lines) or Table(lines, path)


class _Seen:
    """The keys of a chunk. Earlier chunks are in the database, except in a dry run."""

    def __init__(self, *, whole_file: bool) -> None:
        self._here: set[str] = set()
        self._before: set[int] | None = set() if whole_file else None

    def next_chunk(self) -> None:
        if self._before is not None:
            # Numbers, because a million addresses would be a hundred megabytes.
            self._before.update(map(hash, self._here))
        self._here.clear()

    def is_new(self, key: str) -> bool:
        if key in self._here or (self._before is not None and hash(key) in self._before):
            return False
        self._here.add(key)
        return True


def _fit(
    read: Iterable[Person | Unfit], seen: _Seen, refusals: Refusals, report: ImportReport
) -> Iterator[Person]:
    """Yield who may go on, once each; count and list the others."""
    seen.next_chunk()
    for one in read:
        if isinstance(one, Person):
            if seen.is_new(one.key):
                yield one
            else:
                report.already += 1
        else:
            refusals.add(one.line, one.typed, one.reason)
