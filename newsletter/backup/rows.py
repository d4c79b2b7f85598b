"""Rows as lines of JSON and back: values of any column, the same from either database."""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import IO, Any

import orjson
from sqlalchemy import DateTime, LargeBinary, MetaData, Table, func, insert, inspect, select
from sqlalchemy.engine import Connection

from newsletter.models import NEVER_BACKED_UP
from subscribers.database import Instant

PAGE = 5_000
OTHERS = ("alembic_version", "procrastinate_")


def tables(connection: Connection) -> Sequence[Table]:
    """Return our tables as they are in this database, parents before children.

    Without those of who may come in (`newsletter.models.access`).
    """
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, DateTime):
                column.type = Instant()
    return [
        table
        for table in metadata.sorted_tables
        if table.name not in NEVER_BACKED_UP and not table.name.startswith(OTHERS)
    ]


def write_rows(connection: Connection, table: Table, file: IO[bytes]) -> int:
    """Write a table, a line of JSON for each row, and return how many there were."""
    packers = [_packer(column.type) for column in table.columns]
    count = 0
    result = connection.execution_options(yield_per=PAGE).execute(select(table))
    for page in result.partitions():
        file.write(
            b"".join(
                orjson.dumps([pack(value) for pack, value in zip(packers, row, strict=True)])
                + b"\n"
                for row in page
            )
        )
        count += len(page)
    return count


def read_rows(
    connection: Connection, table: Table, columns: Sequence[str], lines: Iterable[bytes]
) -> int:
    """Insert the rows of these lines and return how many; raises ValueError for what is no row."""
    readers = [(name, _reader(table.columns[name].type)) for name in columns]
    count = 0
    for page in _pages(lines, readers):
        connection.execute(insert(table), page)
        count += len(page)
    return count


def _pages(
    lines: Iterable[bytes], readers: Sequence[tuple[str, Callable[[Any], Any]]]
) -> Iterator[list[Mapping[str, Any]]]:
    page: list[Mapping[str, Any]] = []
    for line in lines:
        values = orjson.loads(line)
        if not isinstance(values, list) or len(values) != len(readers):
            raise ValueError("a row has another number of columns")
        page.append(
            {name: read(value) for (name, read), value in zip(readers, values, strict=True)}
        )
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def count_rows(connection: Connection, table: Table) -> int:
    """Count the rows of a table."""
    return connection.scalar(select(func.count()).select_from(table)) or 0


def highest_ids(connection: Connection) -> dict[str, int]:
    """Return the highest number that each table ever gave out."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all()
        return {name: seq for name, seq in found}
    highest = {}
    for name in inspect(connection).get_sequence_names():
        if name.startswith(OTHERS):
            continue
        last = connection.exec_driver_sql(f'SELECT last_value FROM "{name}"').scalar_one()  # noqa: S608
        highest[name.removesuffix("_id_seq")] = int(last)
    return highest


def raise_ids(connection: Connection, highest: Mapping[str, int]) -> None:
    """Let each table go on behind the highest number that it ever gave out."""
    for name, number in highest.items():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            connection.exec_driver_sql("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, number))
        elif f"{name}_id_seq" in inspect(connection).get_sequence_names():
            connection.exec_driver_sql(
                "SELECT setval(CAST(%s AS regclass), %s)", (f"{name}_id_seq", max(number, 1))
            )


def _packer(kind: Any) -> Callable[[Any], Any]:
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else base64.b64encode(value).decode()
    return lambda value: value


def _reader(kind: Any) -> Callable[[Any], Any]:
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else base64.b64decode(value)
    if isinstance(kind, Instant):
        return lambda value: None if value is None else _moment(value)
    return lambda value: value


def _moment(written: str) -> datetime:
    read = datetime.fromisoformat(written)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
