"""Puts a backup back into an empty database, paused; who left since is let go again."""

import os
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from newsletter import issues, schema
from newsletter.app import App, build
from newsletter.app.goodbye_book import FILE as BOOK
from newsletter.app.goodbye_book import read_book
from newsletter.app.key_file import FILE as KEYS
from newsletter.app.state_folder import force, private_folder
from newsletter.backup.making import FORMAT, MANIFEST, Backup
from newsletter.backup.rows import count_rows, raise_ids, read_rows, tables
from newsletter.errors import BackupError
from newsletter.rights import erase_person
from newsletter.settings import Settings
from subscribers import store
from subscribers.database import Database
from subscribers.errors import NotFound
from subscribers.goodbyes import Note, NoteKind, standing

# Clocks of two machines differ, and what is said twice is harmless.
MARGIN = timedelta(hours=1)
WHO = "restore"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: rows in all, issues held, goodbyes made true again.

    `has_book`: there was a book of goodbyes to read; without one nobody knows who left since.
    """

    backup: Backup
    rows: int
    held: int
    goodbyes: int
    has_book: bool
    keys_missing: bool


def restore(
    settings: Settings, source: Path, *, books: Iterable[Path] = (), now: datetime
) -> Restored:
    """Put a backup back into the database of these settings, which must be new or empty.

    Its issues are paused until somebody resumes each. The book of goodbyes beside the database,
    and `books` of other machines, are made true again. Raises BackupError before anything is
    written for a file that is no backup; when rows cannot be taken, none is.
    """
    every_book = (settings.state_folder / BOOK, *books)
    has_book = any(book.is_file() for book in every_book)
    with _opened(source) as archive:
        backup = _manifest(archive, source)
        _require_empty(settings)
        _bring_keys(settings, archive, backup)
        _bring_rows(settings, archive, backup, source)
    schema.upgrade(settings.database_url)
    app = build(settings)
    try:
        notes = [
            note
            for book in every_book
            for note in read_book(book)
            if note.at >= backup.made_at - MARGIN
        ]
        goodbyes = _say_goodbye(app, sorted(notes, key=lambda one: one.at), now)
        with app.database.begin() as session:
            detail = f"the backup of {backup.made_at:%Y-%m-%d %H:%M} UTC was put back"
            held = issues.hold_restored(session, detail=detail, who=WHO, now=now)
        app.mark(backup.claims)
        missing = set(backup.fingerprints) - {key.fingerprint for key in app.links.ring.keys}
        rows = sum(backup.counts.values())
        return Restored(backup, rows, held, goodbyes, has_book, bool(missing))
    finally:
        app.database.close()


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BackupError(f"{source}: {reason}", "name a file of `backup`") from error
    except zipfile.BadZipFile as error:
        raise BackupError(f"{source} is no backup: {error}", "name a file of `backup`") from error


def _manifest(archive: zipfile.ZipFile, source: Path) -> Backup:
    try:
        found: dict[str, Any] = orjson.loads(archive.read(MANIFEST))
        if found["format"] > FORMAT:
            raise BackupError(f"{source} was made by a newer version", "install that version")
        found["made_at"] = datetime.fromisoformat(found["made_at"])
        found["fingerprints"] = tuple(found["fingerprints"])
        return Backup(**found)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BackupError(f"{source} is no whole backup: {error}", "take another one") from error


def _require_empty(settings: Settings) -> None:
    file = settings.database_file
    if file is not None and file.exists():
        raise BackupError(
            f"{file} is there already, and nothing is written over it",
            f"move it away: mv {file} {file}.before",
        )
    if file is not None:
        return
    database = Database(settings.database_url)
    try:
        with database.read() as session:
            there = inspect(session.connection()).get_table_names()
    finally:
        database.close()
    if there:
        raise BackupError("the database is not empty", "name a new one in DATABASE_URL")


def _bring_keys(settings: Settings, archive: zipfile.ZipFile, backup: Backup) -> None:
    """Write the keys of the backup where there are none; those that are there stay."""
    target = settings.state_folder / KEYS
    if not backup.has_keys or settings.secret_keys or settings.database_file is None:
        return
    private_folder(target.parent)
    if not target.exists():
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(archive.read("keys"))
            file.flush()
            os.fsync(handle)
        force(target.parent)


def _bring_rows(settings: Settings, archive: zipfile.ZipFile, backup: Backup, source: Path) -> None:
    schema.upgrade(settings.database_url, backup.revision)
    database = Database(settings.database_url)
    try:
        with database.begin() as session:
            connection = session.connection()
            for table in tables(connection):
                # A migration may have put a row in, such as the name of the new database.
                connection.execute(table.delete())
                if table.name not in backup.columns:
                    continue
                with archive.open(f"tables/{table.name}.jsonl") as lines:
                    read_rows(connection, table, backup.columns[table.name], lines)
                if count_rows(connection, table) != backup.counts[table.name]:
                    raise ValueError(f"{table.name} has not all of its rows")
            raise_ids(connection, backup.ids)
    except (KeyError, ValueError, TypeError, SQLAlchemyError, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split())[:200]
        raise BackupError(
            f"{source} cannot be put back: {reason}", "nothing was taken; take another backup"
        ) from error
    finally:
        database.close()


def _say_goodbye(app: App, notes: Iterable[Note], now: datetime) -> int:
    said = 0
    for note in standing(notes):
        if note.kind == NoteKind.ERASED:
            said += _erase(app, note, now)
            continue
        with app.database.begin() as session:
            said += store.replay(session, note, now=now)
    return said


def _erase(app: App, note: Note, now: datetime) -> bool:
    with app.database.read() as session:
        if not store.is_same_person(session, note):
            return False
    try:
        erase_person(
            app.database,
            app.links,
            note.subscriber_id,
            outbox=app.settings.outbox_dir,
            actor=WHO,
            now=now,
        )
    except NotFound:
        return False
    return True
