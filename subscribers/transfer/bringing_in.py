"""Bring people in from a CSV file, with evidence; good rows in, bad rows into a report."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from subscribers.address import parse
from subscribers.database import Database
from subscribers.errors import AddressRefused, FileRefused
from subscribers.lists import find_list
from subscribers.models import (
    Consent,
    ConsentKind,
    List,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)
from subscribers.transfer.formulas import defused
from subscribers.transfer.table import Row, opened

CHUNK = 10_000
# SQLite takes 32,766 bound values in a statement; a key is one of them.
KEYS_AT_ONCE = 30_000
LONGEST_NAME = 100

Advance = Callable[[int, int], None]


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do: counts of rows, and where the refused ones are listed."""

    dry_run: bool = False
    read: int = 0
    added: int = 0
    already: int = 0
    kept_out: int = 0
    suppressed: int = 0
    refused: int = 0
    report_path: Path | None = None
    examples: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the report as a person reads it."""
        would = "would be " if self.dry_run else ""
        yield f"{self.read:,} rows read"
        yield f"{self.added:,} {would}added"
        for count, what in (
            (self.already, "on the list already"),
            (self.kept_out, "left this list before: they stay out"),
            (self.suppressed, "suppressed: they stay out"),
        ):
            if count:
                yield f"{count:,} {what}"
        if self.refused:
            where = f", listed in {self.report_path}" if self.report_path else ""
            yield f"{self.refused:,} refused{where}"
            yield from (f"  {example}" for example in self.examples)


@dataclass(frozen=True, slots=True)
class _Person:
    line: int
    email: str
    key: str
    name: str
    proof: str


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
    now: datetime,
) -> ImportReport:
    """Take the people of a CSV file onto a list, 10,000 rows a transaction.

    Nobody becomes active without proof: `consent_text` for all, or a column with the moment of
    each one's confirmation. Nobody who left or is suppressed comes back. Refused rows go to
    `report_path` (default: beside the file) with line numbers and reasons.
    Raises FileRefused for a file that cannot be read at all, before anything is written.
    """
    report = ImportReport(dry_run=dry_run)
    refused: list[tuple[int, str, str]] = []
    with opened(path, column_map or {}) as (table, file):
        if not consent_text and "confirmed_at" not in table.columns:
            raise FileRefused(
                f"{path}: holds no proof that these people agreed",
                "say how and when they did: --i-have-consent TEXT",
            )
        source = f"{consent_text or 'confirmed'} · {path.name} · sha256 {_hash(path)}"
        size = path.stat().st_size
        seen: set[str] = set()
        rows = iter(table)
        while chunk := list(islice(rows, CHUNK)):
            report.read += len(chunk)
            people = list(_people(chunk, seen, refused, report, proof_needed=not consent_text))
            with database.begin() as session:
                list_ = find_list(session, list_slug)
                _take(session, list_, people, report, source=source, now=now)
                if dry_run:
                    session.rollback()
            if progress:
                progress(min(file.buffer.tell(), size), size)
    report.refused = len(refused)
    report.examples = [f"line {line}: {reason}" for line, _, reason in refused[:5]]
    if refused and not dry_run:
        report.report_path = report_path or path.with_name(f"{path.stem}.refused.csv")
        _write_refused(report.report_path, refused)
    return report


def _people(
    chunk: Iterable[Row],
    seen: set[str],
    refused: list[tuple[int, str, str]],
    report: ImportReport,
    *,
    proof_needed: bool,
) -> Iterator[_Person]:
    for row in chunk:
        typed = row.fields.get("email", "").strip()
        if row.problem:
            refused.append((row.line, typed, row.problem))
            continue
        try:
            address = parse(typed)
        except AddressRefused as error:
            refused.append((row.line, typed, str(error)))
            continue
        proof = row.fields.get("confirmed_at", "").strip()
        if proof_needed and not proof:
            refused.append((row.line, typed, "has no moment of confirmation"))
        elif address.key in seen:
            report.already += 1
        else:
            seen.add(address.key)
            yield _Person(row.line, address.email, address.key, _name(row.fields), proof)


def _name(fields: Mapping[str, str]) -> str:
    whole = fields.get("name", "") or " ".join(
        part for part in (fields.get("first_name", ""), fields.get("last_name", "")) if part
    )
    return " ".join("".join(char for char in whole if char.isprintable()).split())[:LONGEST_NAME]


def _take(
    session: Session,
    list_: List,
    people: list[_Person],
    report: ImportReport,
    *,
    source: str,
    now: datetime,
) -> None:
    keys = [person.key for person in people]
    suppressed = set(_among(session, Suppression.email_key, keys))
    people = [person for person in people if person.key not in suppressed]
    report.suppressed += len(suppressed)
    keys = [person.key for person in people]
    _insert(
        session,
        Subscriber.__table__,  # type: ignore[arg-type]
        [
            {"email": one.email, "email_key": one.key, "name": one.name, "attributes": {},
             "created_at": now}
            for one in people
        ],
    )  # fmt: skip
    ids = dict(_pairs(session, keys))
    states = dict(_states(session, list_.id, list(ids.values())))
    fresh = [
        person
        for person in people
        if states.get(ids[person.key]) in (None, SubscriptionState.PENDING)
    ]
    left = sum(state == SubscriptionState.UNSUBSCRIBED for state in states.values())
    report.kept_out += left
    report.already += len(people) - len(fresh) - left
    report.added += len(fresh)
    evidence = {
        "list_id": list_.id, "kind": ConsentKind.IMPORTED, "at": now, "actor": "import",
        "via": "csv", "wording": list_.consent_wording, "wording_version": list_.consent_version,
        "ip": "", "user_agent": "",
    }  # fmt: skip
    _insert(
        session,
        Consent.__table__,  # type: ignore[arg-type]
        [
            evidence
            | {
                "subscriber_id": ids[one.key],
                "source": (
                    f"{source} · line {one.line}" + (f" · {one.proof}" if one.proof else "")
                )[:500],
            }
            for one in fresh
        ],
    )
    table = Subscription.__table__
    statement = _dialect(session).insert(table)
    if fresh:
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["list_id", "subscriber_id"],
                set_={"state": statement.excluded.state, "joined_at": statement.excluded.joined_at,
                      "changed_at": statement.excluded.changed_at},
            ),
            [
                {"list_id": list_.id, "subscriber_id": ids[one.key], "changed_at": now,
                 "state": SubscriptionState.ACTIVE, "joined_at": _moment(one.proof) or now}
                for one in fresh
            ],
        )  # fmt: skip


def _insert(session: Session, table: SqlTable, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(_dialect(session).insert(table).on_conflict_do_nothing(), rows)


def _dialect(session: Session) -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite


def _among(session: Session, column: Any, keys: list[str]) -> Iterator[str]:
    for at in range(0, len(keys), KEYS_AT_ONCE):
        yield from session.scalars(select(column).where(column.in_(keys[at : at + KEYS_AT_ONCE])))


def _pairs(session: Session, keys: list[str]) -> Iterator[tuple[str | None, int]]:
    for at in range(0, len(keys), KEYS_AT_ONCE):
        found = select(Subscriber.email_key, Subscriber.id).where(
            Subscriber.email_key.in_(keys[at : at + KEYS_AT_ONCE])
        )
        yield from session.execute(found).tuples()


def _states(session: Session, list_id: int, ids: list[int]) -> Iterator[tuple[int, str]]:
    for at in range(0, len(ids), KEYS_AT_ONCE):
        found = select(Subscription.subscriber_id, Subscription.state).where(
            Subscription.list_id == list_id,
            Subscription.subscriber_id.in_(ids[at : at + KEYS_AT_ONCE]),
        )
        yield from session.execute(found).tuples()


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_refused(path: Path, refused: list[tuple[int, str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "email", "reason"])
        writer.writerows([line, defused(typed), defused(reason)] for line, typed, reason in refused)
