"""A dry run says exactly what happens, wherever batches end and whatever comes twice."""

import io
from pathlib import Path
from unittest import mock

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from subscribers import store
from subscribers.database import Base, Database
from subscribers.models import SuppressionReason
from subscribers.transfer import ImportReport, bringing_in, export_json_lines, import_csv
from tests.factories import NOON, READER, make_list, make_request, make_subscriber
from tests.fuzzing import examples

WORDS = "they agreed at the fair"
HERE = ("active", "left", "asked", "confirmed", "suppressed", "erased", "elsewhere")
ADDRESSES = (
    *(f"{name}@example.com" for name in HERE),
    "new@example.com",
    "other@example.net",
    "no",
)
STATES = ("active", "pending", "paused", "unsubscribed", "bounced", "complained", "blocked")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(ADDRESSES), st.sampled_from(STATES), st.sampled_from(["", "Ann", "Bob"])
    ),
    max_size=12,
)


def furnish(database: Database) -> None:
    """Put somebody of each kind into an empty database."""
    with database.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
        list_ = make_list(session)
        make_subscriber(session, list_, "active@example.com")
        left = make_subscriber(session, list_, "left@example.com")
        store.unsubscribe(session, list_.id, left.id, visit=READER, now=NOON)
        make_request(session, list_, "asked@example.com")
        _, request = make_request(session, list_, "confirmed@example.com")
        store.confirm(session, request.id, visit=READER, now=NOON)
        store.suppress(session, "suppressed@example.com", SuppressionReason.MANUAL, now=NOON)
        store.suppress(session, "@example.net", SuppressionReason.MANUAL, now=NOON)
        gone = make_subscriber(session, list_, "erased@example.com")
        store.erase(session, gone, actor="self", now=NOON)
        make_subscriber(session, make_list(session, "second"), "elsewhere@example.com")


def take(database: Database, file: Path, *, batch: int, dry_run: bool = False) -> ImportReport:
    with mock.patch.object(bringing_in, "CHUNK", batch):
        return import_csv(database, file, "ledger", consent_text=WORDS, dry_run=dry_run, now=NOON)


def stands(database: Database) -> list[str]:
    """Return everybody of the list with all that an export tells, by address."""
    file = io.StringIO()
    with database.read() as session:
        export_json_lines(session, store.find_list(session, "ledger").id, file)
    return sorted(file.getvalue().splitlines())


@settings(
    max_examples=examples(8, 3_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=ROWS, batch=st.sampled_from([1, 2, 3, 50]))
@example([("new@example.com", "active", ""), ("new@example.com", "unsubscribed", "")], 1)
@example([("new@example.com", "pending", ""), ("new@example.com", "active", "Ann")], 50)
@example([("new@example.com", "bounced", ""), ("new@example.com", "active", "")], 50)
@example([("active@example.com", "unsubscribed", ""), ("active@example.com", "active", "")], 50)
@example([("active@example.com", "unsubscribed", ""), ("active@example.com", "bounced", "")], 2)
@example([("active@example.com", "active", ""), ("active@example.com", "active", "Bob")], 3)
@example([("new@example.com", "unsubscribed", ""), ("new@example.com", "active", "Ann")], 50)
@example(
    [("confirmed@example.com", "unsubscribed", ""), ("confirmed@example.com", "active", "Ann")], 50
)
@example([("new@example.com", "bounced", ""), ("new@example.com", "bounced", "Bob")], 50)
@example([("confirmed@example.com", "unsubscribed", ""), ("asked@example.com", "paused", "")], 2)
def test_a_dry_run_says_what_happens_wherever_batches_end(
    database: Database, tmp_path: Path, rows: list[tuple[str, str, str]], batch: int
) -> None:
    file = tmp_path / "people.csv"
    written = ["email,status,name", *(",".join(row) for row in rows)]
    file.write_text("\n".join(written), encoding="utf-8")
    furnish(database)
    before = stands(database)
    foreseen = take(database, file, batch=batch, dry_run=True)
    assert stands(database) == before
    done = take(database, file, batch=batch)
    assert foreseen.counts() == done.counts()
    assert done.read == len(rows)
    after = stands(database)
    furnish(database)
    assert take(database, file, batch=1).counts() == done.counts()
    assert stands(database) == after
