"""Many rows read as columns.

SQLite's driver takes longer to hand over a row than SQLite to find it: there all of them come as
one, each column packed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Select, func, select
from sqlalchemy.engine import Connection


def packed(dialect: str, rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return the SELECT that `columns` reads, of numbers, texts and truths; to be built once."""
    if dialect != "sqlite":
        return rows
    # Under an aggregate whose result depends on it, SQLite keeps the order of what is inside.
    return select(*map(func.json_group_array, rows.subquery().c))


def columns(
    connection: Connection, rows: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]
) -> list[Sequence[Any]]:
    """Return the columns of what was `packed`, in the order of its rows; truths may be 0 and 1."""
    found = connection.execute(rows, parameters)
    if connection.dialect.name == "sqlite":
        return [orjson.loads(column) for column in found.one()]
    width = len(found.keys())
    return list(zip(*found.all(), strict=True)) or [()] * width
