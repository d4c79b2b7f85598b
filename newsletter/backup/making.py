"""Takes a backup: every table of one moment, and the keys, in one file."""

import os
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import text

from newsletter.app import App
from newsletter.app.key_file import FILE as KEYS
from newsletter.app.state_folder import force
from newsletter.backup.rows import highest_ids, tables, write_rows
from newsletter.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself; `counts` are rows by table, `ids` the highest ever given."""

    format: int
    made_at: datetime
    revision: str
    instance: str
    claims: int
    has_keys: bool
    fingerprints: tuple[str, ...]
    columns: dict[str, list[str]]
    counts: dict[str, int]
    ids: dict[str, int]


def back_up(app: App, target: Path, *, now: datetime) -> Backup:
    """Write a backup while the house works; the file is there whole or not at all.

    It holds addresses, and the keys where they are ours to hold: only its owner may read it.
    Raises BackupError when it cannot be written.
    """
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.absolute().parent)
        try:
            with os.fdopen(handle, "w+b") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                    made = _fill(app, archive, now)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(target)
            force(target.absolute().parent)
        finally:
            Path(draft).unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(
            f"{target} cannot be written: {error.strerror or error}",
            "name a file in a folder of yours",
        ) from error
    return made


def _fill(app: App, archive: zipfile.ZipFile, now: datetime) -> Backup:
    keys = app.settings.state_folder / KEYS
    has_keys = not app.settings.secret_keys and keys.is_file()
    if has_keys:
        archive.write(keys, "keys")
    counts: dict[str, int] = {}
    columns: dict[str, list[str]] = {}
    with app.database.read() as session:
        if not app.database.is_sqlite:
            # All tables as of one moment; SQLite's reader has that anyway.
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        connection = session.connection()
        revision = session.scalar(text("SELECT version_num FROM alembic_version"))
        ids = highest_ids(connection)
        for table in tables(connection):
            # As plain words: SQLAlchemy's names are a kind of their own.
            name = str(table.name)
            columns[name] = [str(column.name) for column in table.columns]
            with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as file:
                counts[name] = write_rows(connection, table, file)
        claims = session.scalar(text("SELECT claims FROM instance")) or 0
    made = Backup(
        format=FORMAT,
        made_at=now,
        revision=str(revision),
        instance=app.instance,
        claims=claims,
        has_keys=has_keys,
        fingerprints=tuple(key.fingerprint for key in app.links.ring.keys),
        columns=columns,
        counts=counts,
        ids=ids,
    )
    archive.writestr(MANIFEST, orjson.dumps(asdict(made), option=orjson.OPT_INDENT_2))
    return made
