"""The database: two doors (`begin`, `read`), one `Instant` type, one declarative base.

SQLite runs in WAL with synchronous=FULL and foreign keys on; `begin()` is BEGIN IMMEDIATE, so
that two writers queue instead of failing, `read()` a deferred transaction that cannot write.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, TypeDecorator
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from subscribers.engines import BUSY_SECONDS, engine_for, kinds_of, of_kinds
from subscribers.goodbyes import Note

# What is raised when the database is not there, is full, or takes a transaction back: nothing of
# it was done unless it broke while it was committed, and it may be tried again.
AWAY = (OperationalError, InterfaceError)
Keep = Callable[[Sequence[Note]], None]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment as aware UTC on both databases; a naive datetime is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back aware UTC, also from SQLite, which forgets the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every row of both packages."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant}  # noqa: RUF012 (SQLAlchemy reads it off the class)


def now() -> datetime:
    """Return this moment as aware UTC."""
    return datetime.now(UTC)


def insert_into(session: Session, table: Any) -> postgresql.Insert | sqlite.Insert:
    """Begin an INSERT that can say ON CONFLICT, in the words of the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def only_reads(session: Session) -> bool:
    """Say whether this session came from `read()`."""
    return "reading" in kinds_of(session.get_bind())


class Database:
    """One database; `begin()` and `read()` are the only ways to a session."""

    def __init__(self, url: str, *, erasing: bytes = b"", keep: Keep | None = None) -> None:
        """Take an SQLAlchemy URL: `sqlite:///file` or `postgresql+psycopg://…`. Opens nothing.

        `erasing` is the secret by which erased addresses are known again (`subscribers.erasure`);
        `keep` is handed the goodbyes of each transaction, before it is committed.
        """
        self.engine = engine_for(url)
        self._info = {"erasing": erasing}
        self._keep = keep
        # SQLite has one writer, and whoever waits for it sleeps and asks again: with eight threads
        # some ask for seconds in vain. Threads of one process wait for each other here.
        self._turn = threading.Lock() if self.is_sqlite else None
        self._whose = 0
        self._reading = of_kinds(self.engine, "reading")
        self._loading = of_kinds(self.engine, "loading", "many", "trusting")
        self._many = of_kinds(self.engine, "many")
        self._trusting = of_kinds(self.engine, "trusting")

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def begin(
        self, *, loading: bool = False, many: bool = False, trusting: bool = False
    ) -> Iterator[Session]:
        """Open a session in a writing transaction; committed at the end, undone by an exception.

        At most one of: `loading`, for very many rows at once by who can do again what a crash of
        the machine takes back: SQLite then waits for no disk, and both trust the keys that they are
        given, PostgreSQL where its role may set `session_replication_role`. `many`, for thousands
        of rows in no order, which are as safe as any. `trusting`, for very many rows whose keys
        were read in this transaction: SQLite, where nobody else writes meanwhile, looks up none of
        them again.
        """
        if loading:
            engine = self._loading
        else:
            engine = self._many if many else self._trusting if trusting else self.engine
        opened = Session(engine, expire_on_commit=False, info=self._info)
        with self._in_turn(), opened as session, session.begin():
            yield session
            notes: list[Note] = session.info.pop("notes", [])
            if notes and self._keep is not None:
                session.flush()
                self._keep(notes)

    @contextmanager
    def begin_on(self, kept: Connection) -> Iterator[Connection]:
        """Open a writing transaction on a connection that the caller keeps for many small ones.

        It is one caller's at a time, and leaves no goodbyes. After an exception it is not kept.
        """
        try:
            with self._in_turn(), kept.begin():
                yield kept
        except BaseException:
            kept.close()
            raise

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if self._whose == threading.get_ident():
            raise RuntimeError("begin() inside begin(): SQLite's one writer would wait for itself")
        # Whoever's turn does not come is judged by the database's own patience.
        is_mine = self._turn.acquire(timeout=BUSY_SECONDS)
        if is_mine:
            self._whose = threading.get_ident()
        try:
            yield
        finally:
            if is_mine:
                self._whose = 0
                self._turn.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that only reads; nothing it does is kept, what it read may be."""
        opened = Session(self._reading, expire_on_commit=False, autoflush=False, info=self._info)
        with opened as session:
            yield session
            # What was read stays readable after the door is closed: rollback would expire it.
            session.expunge_all()
            session.rollback()

    @property
    def is_pooled(self) -> bool:
        """Whether PostgreSQL is reached through a pooler: it cannot wake anybody then."""
        if self.is_sqlite:
            return False
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            return driver.prepare_threshold is None

    def driver_arguments(self) -> dict[str, Any]:
        """Return what the driver connects with, for a library with connections of its own."""
        found = dict(self.engine.dialect.create_connect_args(self.engine.url)[1])
        if self.is_pooled:
            found["prepare_threshold"] = None
        # What values are read as is SQLAlchemy's own affair.
        found.pop("context", None)
        return found

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
