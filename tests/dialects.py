"""Dialects that are all one to SQLAlchemy's caches: a statement is compiled once for all databases.

A run of the tests opens thousands of databases, and each would compile the same statements anew,
as its dialect is an object of its own: a quarter of the CPU of a test that asks a database.
"""

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

COMPILED: LRUCache[Any, Any] = LRUCache(4000)


class Shared:
    """What makes two dialects of a class the same key of a cache."""

    # SQLAlchemy looks for it in each class.
    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        """Let the engine, and whatever is derived from it, keep what it compiles with all others."""
        engine.update_execution_options(compiled_cache=COMPILED)


class SharedSQLite(Shared, SQLiteDialect_pysqlite):
    """SQLite by Python's own driver."""

    supports_statement_cache = True


class SharedPostgreSQL(Shared, PGDialect_psycopg):
    """PostgreSQL by psycopg."""

    supports_statement_cache = True


def share() -> None:
    """Let every engine of this process that is made from now on have one of them."""
    registry.register("sqlite", __name__, "SharedSQLite")
    registry.register("postgresql.psycopg", __name__, "SharedPostgreSQL")
