"""The two doors of the database, and moments that know their zone."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from subscribers.database import Database, now
from subscribers.engines import BUSY_SECONDS
from subscribers.models import List, Subscriber
from tests.factories import NOON, make_list


def names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(List.name)))


def test_what_is_written_is_there_for_the_next_reader(database: Database) -> None:
    with database.begin() as session:
        make_list(session)
    assert names(database) == ["The Monthly Ledger"]


def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    def half_way() -> None:
        with database.begin() as session:
            make_list(session)
            raise KeyError("power cut")

    with pytest.raises(KeyError):
        half_way()
    assert names(database) == []


def test_a_transaction_inside_a_transaction_is_refused_at_once(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'one.db'}")
    began = time.monotonic()
    with (
        pytest.raises(RuntimeError, match="begin\\(\\) inside begin"),
        database.begin(),
        database.begin(),
    ):
        pass
    assert time.monotonic() - began < BUSY_SECONDS / 2
    with database.begin() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()


def test_a_reader_cannot_write_by_sql(database: Database) -> None:
    with database.begin() as session:
        make_list(session)
    with pytest.raises(DBAPIError, match=r"read-?only"), database.read() as session:
        session.execute(update(List).values(name="Somebody else's"))
    assert names(database) == ["The Monthly Ledger"]


def test_a_reader_cannot_write_by_changing_a_row(database: Database) -> None:
    with database.begin() as session:
        make_list(session)
    with database.read() as session:
        session.scalars(select(List)).one().name = "Somebody else's"
    assert names(database) == ["The Monthly Ledger"]


def test_a_reader_cannot_commit_a_new_row(database: Database) -> None:
    with database.read() as session:
        session.add(Subscriber(email="a@b.example", email_key="a@b.example", created_at=NOON))
        with pytest.raises(DBAPIError, match=r"read-?only"):
            session.commit()
        session.rollback()
    with database.read() as session:
        assert session.scalars(select(Subscriber)).all() == []


def test_a_writer_may_write_after_a_reader_used_the_connection(database: Database) -> None:
    for number in range(3):
        assert len(names(database)) == number
        with database.begin() as session:
            make_list(session, f"list-{number}")


def test_writers_that_come_together_queue_instead_of_failing(database: Database) -> None:
    """Each reads before it writes: without the lock from the start SQLite would refuse most."""
    together = Barrier(8)

    def rename(_: int) -> None:
        together.wait(20)
        with database.begin() as session:
            session.scalars(select(List.name)).one()
            session.execute(update(List).values(name=List.name + "!"))

    with database.begin() as session:
        make_list(session, name="L")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(rename, range(8)))
    assert names(database) == ["L!!!!!!!!"]


def test_foreign_keys_are_watched(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), database.begin() as session:
        session.execute(
            text(
                "INSERT INTO subscription (list_id, subscriber_id, state, changed_at)"
                " VALUES (77, 77, 'active', '2026-11-24 12:00:00+00:00')"
            )
        )


def test_threads_that_write_to_sqlite_wait_for_each_other_and_not_for_its_lock(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    inside = Event()

    def write() -> None:
        with database.begin():
            inside.set()

    with ThreadPoolExecutor() as pool:
        with database.begin():
            done = pool.submit(write)
            assert not inside.wait(0.1)
        done.result()
    assert inside.is_set()
    database.close()


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="has no time zone"), database.begin() as session:
        session.execute(update(List).values(created_at=datetime(2026, 11, 24, 12)))


def test_a_naive_moment_in_a_question_is_refused_too(database: Database) -> None:
    with database.read() as session, pytest.raises(StatementError, match="has no time zone"):
        session.scalars(select(List).where(List.created_at < datetime(2026, 1, 1)))


def test_a_moment_of_another_zone_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    in_berlin = datetime(2026, 11, 24, 12, tzinfo=timezone(timedelta(hours=1)))
    with database.begin() as session:
        make_list(session).created_at = in_berlin
    with database.read() as session:
        found = session.scalars(select(List.created_at)).one()
        earlier = select(List.id).where(List.created_at < NOON)
        assert session.scalars(earlier).all() != []
    assert found == in_berlin
    assert found.utcoffset() == timedelta(0)


def test_now_knows_its_zone() -> None:
    assert now().tzinfo is UTC


def test_after_loading_a_database_is_as_careful_as_before(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'one.db'}")
    found = []
    for kinds in ({}, {"loading": True}, {}, {"trusting": True}, {"many": True}, {}):
        with database.begin(**kinds) as session:
            asked = ("foreign_keys", "synchronous", "wal_autocheckpoint", "cache_size")
            found.append([session.scalar(text(f"PRAGMA {one}")) for one in asked])
    database.close()
    always = [1, 2, 1000, -1000]
    loading, trusting, many = [0, 1, 64000, -16000], [0, *always[1:]], [*always[:3], -16000]
    assert found == [always, loading, always, trusting, many, always]


@pytest.mark.parametrize(
    ("role", "while_loading"), [("broadsheet", "replica"), ("reader", "origin")]
)
def test_postgresql_trusts_keys_while_it_loads_where_the_role_may_say_so(
    postgres_url: str, role: str, while_loading: str
) -> None:
    owner = Database(postgres_url)
    with owner.begin() as session:
        session.execute(text("DROP ROLE IF EXISTS reader"))
        session.execute(text("CREATE ROLE reader LOGIN"))
    database = Database(postgres_url.replace("//broadsheet@", f"//{role}@"))
    found = []
    for loading in (False, True, False):
        with database.begin(loading=loading) as session:
            found.append(session.scalar(text("SHOW session_replication_role")))
    database.close()
    with owner.begin() as session:
        session.execute(text("DROP ROLE reader"))
    owner.close()
    assert found == ["origin", while_loading, "origin"]
